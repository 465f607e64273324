package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The lines of the page are run as they stand. */
class AdminCurlIntegrationTests extends AdminIntegrationTest {
  private static final int SECONDS_MAX = 30;

  @Test
  void theLinesOfThePageWork() throws IOException, InterruptedException {
    Assumptions.assumeTrue(run("curl --version").startsWith("curl"), "curl is not installed");
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
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true);
    shell.environment().put("GALERNE", "http://localhost:" + port);
    shell.environment().put("ADMIN_API_KEY", own.key());
    shell.environment().put("OPERATOR_KEY", operator());
    shell.environment().put("USER_ID", own.owner().toString());
    shell.environment().put("WORKSPACE_ID", own.workspace().toString());
    Process process = shell.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
