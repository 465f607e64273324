package io.galerne.moderation;

import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.DetectorUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a service that speaks the moderations contract. Only hosts that the operator names are
 * called, with TLS unless the operator says otherwise, and redirects are not followed: a tenant's
 * policy must not make the platform call what only the platform can reach.
 */
@Component
class RemoteJudge {
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  private final ModerationProperties properties;
  private final JsonMapper mapper = new JsonMapper();
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  RemoteJudge(ModerationProperties properties) {
    this.properties = properties;
  }

  OptionalDouble score(Detector.Remote remote, Rule rule, String passage) {
    requireAllowed(remote.url());
    JsonNode scores =
        InTime.call("the remote classifier", remote.timeout(), () -> ask(remote, passage));
    List<String> categories =
        remote.categories().isEmpty() ? List.of(rule.category()) : remote.categories();
    double most = 0;
    for (String category : categories) {
      JsonNode score = scores.get(category);
      if (score == null || !score.isNumber()) {
        throw new DetectorUnavailable("the remote classifier has no category " + category);
      }
      most = Math.max(most, score.doubleValue());
    }
    return OptionalDouble.of(Math.clamp(most, 0, 1));
  }

  private void requireAllowed(URI url) {
    boolean secure = "https".equals(url.getScheme()) || properties.remoteHttp();
    if (!secure || !properties.remoteHosts().contains(url.getHost())) {
      throw new DetectorUnavailable("the operator doesn't allow this remote classifier");
    }
  }

  private JsonNode ask(Detector.Remote remote, String passage)
      throws IOException, InterruptedException {
    String body =
        mapper.writeValueAsString(Map.of("model", remote.model(), "input", List.of(passage)));
    HttpRequest request =
        HttpRequest.newBuilder(remote.url())
            .timeout(remote.timeout())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<InputStream> response = answer(request);
    try (InputStream in = response.body()) {
      byte[] answer = in.readNBytes(ANSWER_BYTES_MAX);
      if (response.statusCode() != 200) {
        throw new DetectorUnavailable("the remote classifier said " + response.statusCode());
      }
      return mapper.readTree(answer).path("results").path(0).path("category_scores");
    } catch (JacksonException e) {
      throw new DetectorUnavailable("the remote classifier didn't answer in JSON");
    }
  }

  private HttpResponse<InputStream> answer(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException e) {
      throw new DetectorUnavailable("the remote classifier took too long");
    }
  }
}
