package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of JSONTestSuite as request bodies: {@code n_} is no JSON, {@code y_} is, and of {@code
 * i_} either may be said.
 *
 * @see <a href="https://github.com/nst/JSONTestSuite">JSONTestSuite</a>
 */
class JsonTestSuiteIntegrationTests extends ApiIntegrationTest {
  /** JSON by its grammar, but which of two values is meant is anyone's guess: refused. */
  private static final Set<String> DUPLICATES =
      Set.of("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");

  private record Case(String name, byte[] body) {}

  private record Answer(String name, int status, String body) {}

  @Test
  void whatIsNotJsonIsABadRequest() throws Exception {
    List<Answer> answers = answers("n_");
    assertThat(answers).hasSize(188).allMatch(answer -> answer.status() == 400);
    assertThat(answers).allMatch(answer -> answer.body().contains("json_invalid"));
  }

  @Test
  void whatIsJsonIsReadAsSuch() throws Exception {
    List<Answer> answers = answers("y_");
    assertThat(answers).hasSize(95);
    assertThat(answers)
        .allMatch(
            answer -> answer.body().contains("json_invalid") == DUPLICATES.contains(answer.name()));
    assertThat(answers).allMatch(answer -> answer.status() == 400 || answer.status() == 422);
  }

  @Test
  void whatMayBeEitherIsNoError() throws Exception {
    assertThat(answers("i_"))
        .hasSize(35)
        .allMatch(answer -> answer.status() == 400 || answer.status() == 422);
  }

  private List<Answer> answers(String prefix) throws Exception {
    List<Answer> answers = new ArrayList<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (Case one : cases()) {
        if (one.name().startsWith(prefix)) {
          HttpRequest request =
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(one.body()))
                  .build();
          HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
          answers.add(new Answer(one.name(), response.statusCode(), response.body()));
        }
      }
    }
    return answers;
  }

  private static List<Case> cases() throws IOException {
    try (InputStream packed =
            Objects.requireNonNull(
                JsonTestSuiteIntegrationTests.class.getResourceAsStream(
                    "/json-test-suite.json.gz"));
        InputStream text = new GZIPInputStream(packed)) {
      JsonNode files = JsonMapper.shared().readTree(text).get("files");
      List<Case> cases = new ArrayList<>();
      files.forEachEntry((name, file) -> cases.add(new Case(name, file.binaryValue())));
      return cases;
    }
  }
}
