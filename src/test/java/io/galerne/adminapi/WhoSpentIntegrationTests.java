package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who spent this euro, on which model, under which policy: the two lines of the page. */
class WhoSpentIntegrationTests extends AdminIntegrationTest {
  private static final String WHO = "## Who spent this euro";

  @Test
  void twoLinesTell() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    List<String> lines = lines();
    assertThat(lines).hasSize(2);
    patch(own.key(), "/v1/admin/audit/settings", "{\"keep_content\": true}");
    String policy = publishPolicy();
    UUID ada = createUser(own, "ada@spenders.example");
    ask(key(ada, "Small"), 1);
    Answer costly = ask(key(ada, "Nightly report"), 12);

    Map<String, String> environment = new TreeMap<>();
    environment.put("ADMIN_KEY", own.key());
    JsonNode first = run(lines.getFirst(), environment).at("/data/0");
    assertThat(first.get("request_id").asString()).isEqualTo(requestId(costly));
    environment.put("REQUEST_ID", first.get("request_id").asString());
    JsonNode all = run(lines.getLast(), environment);

    assertThat(all.at("/key/name").asString()).isEqualTo("Nightly report");
    assertThat(all.at("/key/email").asString()).isEqualTo("ada@spenders.example");
    assertThat(all.at("/ledger/cost_micros").asLong()).isPositive();
    assertThat(all.at("/ledger/model").asString()).isEqualTo("open-mistral-7b");
    assertThat(all.at("/ledger/weights_digest").asString()).hasSize(64);
    assertThat(all.at("/ledger/policy_version").asString()).contains(policy);
    assertThat(all.at("/policies/0/name").asString()).isEqualTo("House rules");
    assertThat(all.at("/policies/0/version").intValue()).isEqualTo(1);
    assertThat(all.at("/decisions").isArray()).isTrue();
    assertThat(all.at("/price/output").asLong()).isPositive();
    assertThat(all.at("/content/answers/0/text"))
        .isEqualTo(costly.json().at("/choices/0/message/content"));
  }

  /** As they stand on the page, but for the address. */
  private List<String> lines() throws IOException {
    String page = Files.readString(Path.of("docs", "billing.md"));
    String section = page.substring(page.indexOf(WHO));
    return section
        .substring(0, section.indexOf("\n## ", 1))
        .lines()
        .filter(line -> line.startsWith("curl "))
        .map(line -> line.replace("localhost:8080", "localhost:" + port))
        .toList();
  }

  private JsonNode run(String line, Map<String, String> environment)
      throws IOException, InterruptedException {
    return JSON.readTree(Curl.run(line.replace("curl ", "curl -s "), environment));
  }

  private String publishPolicy() {
    String text =
        """
        {"name": "House rules", "rules": [{"id": "r", "type": "phrases", "phrases": ["bad thing"],
          "category": "c", "action": "flag"}]}
        """;
    String id = post(own.key(), "/v1/admin/policies", text).json().get("id").asString();
    return post(own.key(), "/v1/admin/policies/" + id + "/publish", null)
        .json()
        .get("content_hash")
        .asString();
  }

  private String key(UUID user, String name) {
    return post(
            own.key(),
            "/v1/admin/api-keys",
            "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\", \"name\": \"%s\"}"
                .formatted(own.workspace(), user, name))
        .json()
        .get("key")
        .asString();
  }

  private Answer ask(String key, int tokens) {
    Answer answer =
        post(
            key,
            "/v1/chat/completions",
            """
            {"model": "open-mistral-7b", "max_tokens": %d,
             "messages": [{"role": "user", "content": "Tell me of Brest"}]}
            """
                .formatted(tokens));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  /** As the ledger has it. */
  private static String requestId(Answer answer) {
    return answer
        .header("x-request-id")
        .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }
}
