package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.galerne.GalerneApplication;
import io.galerne.api.ClientPackages.Platform;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.IssuedKey;
import io.galerne.identity.TenantRegistry;
import io.galerne.limits.LimitTarget;
import io.galerne.limits.LimitTargets;
import io.galerne.limits.RateLimitDesk;
import io.galerne.limits.RateLimits;
import io.galerne.limits.SpendLimitDesk;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** What clients that people use are told when a budget ends under an answer, and of a rate. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class LimitsOfClientsIntegrationTests {
  private static final int TOKENS = 5;
  private static final double INPUT_MICROS = 0.6;
  private static final double OUTPUT_MICROS = 1.8;

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired LimitTargets targets;
  @Autowired SpendLimitDesk caps;
  @Autowired RateLimitDesk rates;

  @ParameterizedTest
  @CsvSource({
    "mistral-python, PYTHON, mistral_limits.py",
    "mistral-typescript, NODE, mistral-limits.mjs",
    "openai-python, PYTHON, openai_limits.py"
  })
  void endingsAndRefusalsAreTold(String packages, Platform platform, String script)
      throws Exception {
    String lack = platform.lack();
    assumeTrue(lack.isEmpty(), lack);
    long cap = (long) Math.ceil(promptTokens() * INPUT_MICROS + TOKENS * OUTPUT_MICROS);
    Map<String, String> environment = new TreeMap<>();
    environment.put("GALERNE_URL", "http://127.0.0.1:" + port);
    environment.put("TOKENS", Integer.toString(TOKENS));
    environment.put("STREAM_KEY", cappedKey(cap));
    environment.put("WHOLE_KEY", cappedKey(cap));
    environment.put("RATED_KEY", ratedKey());

    ClientPackages.Result result = new ClientPackages(packages, platform).run(script, environment);

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output().lines())
        .contains("check stream ends", "check answer ends", "check cap", "check rate");
  }

  private record Issued(UUID tenant, IssuedKey key) {
    LimitTarget target(LimitTargets targets) {
      return targets.key(tenant, key.id()).orElseThrow();
    }
  }

  /** Of a tenant of its own, so that nothing of the prompt is in its cache at a lower price. */
  private Issued newKey() {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Limited");
    registry.registerWorkspace(tenant, workspace, "Limited");
    return new Issued(tenant, keys.issue(tenant, workspace, "limited", null));
  }

  private String cappedKey(long micros) {
    Issued issued = newKey();
    caps.set(issued.target(targets), micros);
    return issued.key().secret();
  }

  private String ratedKey() {
    Issued issued = newKey();
    rates.change(
        issued.target(targets), _ -> new RateLimits(0.001, 1, null, null, new TreeMap<>()));
    return issued.key().secret();
  }

  /** The control too: without limits the answer is longer, and the next one is given. */
  private int promptTokens() {
    String key = newKey().key().secret();
    JsonNode first = ask(key);
    JsonNode second = ask(key);
    assertThat(first.at("/usage/completion_tokens").asInt()).isGreaterThan(TOKENS);
    assertThat(second.at("/choices/0/finish_reason").asString()).isNotEqualTo("error");
    return first.at("/usage/prompt_tokens").asInt();
  }

  private JsonNode ask(String key) {
    return RestClient.create("http://127.0.0.1:" + port)
        .post()
        .uri("/v1/chat/completions")
        .headers(headers -> headers.setBearerAuth(key))
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            """
            {"model": "open-mixtral-8x7b", "temperature": 0, "max_tokens": 16,
             "messages": [{"role": "user", "content": "What is the capital of France?"}]}
            """)
        .retrieve()
        .requiredBody(JsonNode.class);
  }
}
