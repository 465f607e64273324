package io.galerne.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A chat completion as a client of OpenAI's protocol reads it.
 *
 * @param firstSeconds from the question to the first text
 * @param tokens of the answer, as its usage says
 */
record StreamedAnswer(double firstSeconds, long tokens) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static StreamedAnswer ask(HttpClient client, String server, String key, String body)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      if (response.statusCode() != 200) {
        throw new IOException(response.statusCode() + ": " + lines.readLine());
      }
      long first = 0;
      long tokens = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("data: {")) {
          continue;
        }
        JsonNode chunk = JSON.readTree(line.substring("data: ".length()));
        String text = chunk.path("choices").path(0).path("delta").path("content").asString("");
        if (first == 0 && !text.isEmpty()) {
          first = System.nanoTime();
        }
        tokens = chunk.path("usage").path("completion_tokens").longValue(tokens);
      }
      return new StreamedAnswer((first - begin) / 1e9, tokens);
    }
  }
}
