package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.galerne.GalerneApplication;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The clients that people use, unmodified, against the whole application: real weights, a real
 * database and real keys. What the clients were told of tokens must stand in the ledger.
 */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class OfficialClientsIntegrationTests {
  private static final List<String> CHECKS =
      List.of(
          "check list",
          "check retrieve",
          "check complete",
          "check stream",
          "check embeddings",
          "check embeddings refused",
          "check unauthorized",
          "check unknown model",
          "check validation",
          "check schema",
          "check tools");

  /** A schema, a call, the same call streamed, and the answer to its result. */
  private static final int STRUCTURED = 4;

  private static final List<String> ASYNC_CHECKS =
      List.of("check async complete", "check async stream", "check async embeddings");

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;

  private final UUID tenant = UUID.randomUUID();
  private String key = "";

  @BeforeEach
  void issueAKey() {
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Clients");
    registry.registerWorkspace(tenant, workspace, "Clients");
    key = keys.issue(tenant, workspace, "clients", null).secret();
  }

  @ParameterizedTest
  @CsvSource({
    "mistral-typescript, NODE, mistral.mjs",
    "mistral-typescript-1, NODE, mistral.mjs",
    "openai-node, NODE, openai.mjs",
    "mistral-python, PYTHON, mistral.py",
    "mistral-python-1, PYTHON, mistral.py",
    "openai-python, PYTHON, openai.py"
  })
  void workUnmodified(String client, ClientPackages.Platform runtime, String script)
      throws Exception {
    String lack = runtime.lack();
    assumeTrue(lack.isEmpty(), lack);

    ClientPackages.Result result =
        new ClientPackages(client, runtime)
            .run(script, Map.of("GALERNE_URL", "http://127.0.0.1:" + port, "GALERNE_KEY", key));

    assertThat(result.exit()).as(result.output()).isZero();
    List<String> lines = result.output().lines().toList();
    assertThat(lines).containsAll(CHECKS);
    if (runtime == ClientPackages.Platform.PYTHON) {
      assertThat(lines).containsAll(ASYNC_CHECKS);
    }
    List<String> usages = lines.stream().filter(line -> line.startsWith("usage ")).toList();
    int embeddings = script.startsWith("openai") ? 2 : 1;
    assertThat(usages)
        .hasSize(embeddings + STRUCTURED + (runtime == ClientPackages.Platform.PYTHON ? 5 : 2));
    assertThat(ledger()).containsExactlyInAnyOrderElementsOf(usages);
  }

  private List<String> ledger() {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql("select prompt_tokens, completion_tokens from usage_event")
                .query((row, _) -> "usage " + row.getInt(1) + " " + row.getInt(2))
                .list());
  }
}
