package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The lines of the page about limits are run as they stand. */
class LimitsCurlIntegrationTests extends AdminIntegrationTest {
  @Test
  void theLinesOfThePageWork() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    String key =
        post(
                own.key(),
                "/v1/admin/api-keys",
                "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                    .formatted(own.workspace(), own.owner()))
            .json()
            .get("key_id")
            .asString();
    Map<String, String> environment =
        Map.of(
            "GALERNE", "http://localhost:" + port,
            "ADMIN_API_KEY", own.key(),
            "OPERATOR_KEY", operator(),
            "WORKSPACE_ID", own.workspace().toString(),
            "KEY_ID", key);
    List<String> lines =
        Files.readString(Path.of("docs", "limits.md"))
            .lines()
            .filter(line -> line.startsWith("curl "))
            .toList();
    assertThat(lines).hasSize(8);
    for (String line : lines) {
      assertThat(Curl.run(line + " -w '\\n%{http_code}'", environment)).as(line).endsWith("\n200");
    }
    assertThat(
            get(own.key(), "/v1/admin/workspaces/" + own.workspace() + "/spend-limit")
                .json()
                .at("/limits/completion/usage_limit_micros")
                .asLong())
        .isEqualTo(200_000_000);
  }
}
