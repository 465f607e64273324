package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.audit.AuditCommand;
import io.galerne.launch.Terminal;
import io.galerne.replay.ReplayCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands of the pages are run as they stand, in their order, each in one folder. */
class PageCommandsIntegrationTests extends AdminIntegrationTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(?:sh)?\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final String JAR = "java -jar galerne.jar ";
  private static final int SECONDS_MAX = 60;

  @TempDir Path folder;
  private String requestId = "";
  private String publicKey = "";

  @BeforeEach
  void askSomething() throws IOException {
    Answer set = patch(own.key(), "/v1/admin/audit/settings", "{\"keep_content\": true}");
    assertThat(set.status()).isEqualTo(200);
    String body =
        "{\"name\": \"page\", \"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
            .formatted(own.workspace(), own.owner());
    String key = post(own.key(), "/v1/admin/api-keys", body).json().get("key").asString();
    Answer answer =
        post(
            key,
            "/v1/chat/completions",
            """
            {"model": "mistral-tiny", "max_tokens": 8, "temperature": 0,
             "messages": [{"role": "user", "content": "Who reads pages?"}]}
            """);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode costliest = get(own.key(), "/v1/admin/usage/requests?order=cost").json();
    requestId = costliest.at("/data/0/request_id").asString();
    publicKey = get(own.key(), "/v1/admin/audit/verify").json().get("public_key").asString();
    // what an instance with an anchor file would have written beside it
    Files.writeString(folder.resolve("anchors.jsonl"), "");
    Files.writeString(
        folder.resolve(".curlrc"),
        "silent\nshow-error\nwrite-out = \"%{stderr}\\n@@ status %{http_code}\\n\"\n");
  }

  private static List<String> commands(String page) throws IOException {
    List<String> commands = new ArrayList<>();
    BLOCK
        .matcher(Files.readString(Path.of("docs", page)))
        .results()
        .flatMap(block -> block.group(1).replace("\\\n", " ").lines())
        .map(String::strip)
        .filter(line -> line.startsWith("curl ") || line.startsWith(JAR))
        .filter(line -> !line.startsWith(JAR + "secrets ")) // see SecretsCommandIntegrationTests
        .forEach(commands::add);
    return commands;
  }

  private void run(String page, int count) throws IOException, InterruptedException {
    Assumptions.assumeTrue(shell("curl --version").contains("curl"), "curl is not installed");
    List<String> commands = commands(page);
    assertThat(commands).hasSize(count);
    for (String command : commands) {
      if (command.startsWith(JAR)) {
        StringWriter out = new StringWriter();
        assertThat(command(out, command)).as(command + ": " + out).isZero();
      } else {
        String local = command.replace("localhost:8080", "localhost:" + port);
        assertThat(shell(local)).as(command).contains("@@ status 200");
      }
    }
  }

  /** A command of the jar, in this process. */
  private int command(StringWriter out, String line) {
    List<String> words =
        Arrays.stream(line.substring(JAR.length()).split(" +", -1))
            .map(word -> word.replace("\"$PUBLIC_KEY\"", publicKey))
            .map(word -> word.matches("[a-z]+\\.jsonl?") ? folder.resolve(word).toString() : word)
            .toList();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(out, true), Optional.empty());
    String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
    return switch (words.getFirst()) {
      case "audit" -> AuditCommand.run(terminal, arguments);
      case "replay" -> ReplayCommand.run(terminal, arguments);
      default -> throw new IllegalArgumentException(line);
    };
  }

  private String shell(String line) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("CURL_HOME", folder.toString());
    builder.environment().put("ADMIN_KEY", own.key());
    builder.environment().put("REQUEST_ID", requestId);
    Process process = builder.start();
    process.getOutputStream().close();
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).as(line).isTrue();
    return Files.readString(output);
  }

  @Test
  void thePageOnAuditIsTrue() throws Exception {
    run("audit.md", 7);
  }

  @Test
  void thePageOnBillingIsTrue() throws Exception {
    run("billing.md", 2);
  }
}
