package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The lines of the page are run as they stand. */
class AdminCurlIntegrationTests extends AdminIntegrationTest {
  @Test
  void theLinesOfThePageWork() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Curl.isInstalled(), "curl is not installed");
    List<String> lines =
        Files.readString(Path.of("docs", "tenancy.md"))
            .lines()
            .filter(line -> line.startsWith("curl "))
            .toList();
    assertThat(lines).hasSize(6);
    for (String line : lines) {
      String answer = run(line + " -w '\\n%{http_code}'");
      assertThat(answer).as(line).endsWith("\n200");
    }
    assertThat(get(own.key(), "/v1/admin/api-keys").json().at("/keys/0/name").asString())
        .isEqualTo("Production");
  }

  private String run(String line) throws IOException, InterruptedException {
    return Curl.run(
        line,
        Map.of(
            "GALERNE", "http://localhost:" + port,
            "ADMIN_API_KEY", own.key(),
            "OPERATOR_KEY", operator(),
            "USER_ID", own.owner().toString(),
            "WORKSPACE_ID", own.workspace().toString()));
  }
}
