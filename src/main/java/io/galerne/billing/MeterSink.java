package io.galerne.billing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A billing system that takes meter events as Stripe's v2 does: a name, an identifier that makes
 * the event count once, a time, and a payload of texts.
 */
final class MeterSink {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int CONFLICT = 409;

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final JsonMapper json = new JsonMapper();
  private final URI url;
  private final @Nullable String token;
  private final String eventName;

  MeterSink(URI url, @Nullable String token, String eventName) {
    this.url = url;
    this.token = token;
    this.eventName = eventName;
  }

  /** What the receiver says to an event. */
  sealed interface Answer {
    /** It has it, now or since an earlier try. */
    record Taken() implements Answer {}

    /** It will never take it. */
    record Refused(int status) implements Answer {}
  }

  /** The receiver can't take anything at the moment. */
  static final class Unavailable extends Exception {
    Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  Answer send(UUID identifier, UUID tenantId, long sequence, JsonNode event) throws Unavailable {
    Map<String, String> payload = new LinkedHashMap<>();
    payload.put("stripe_customer_id", tenantId.toString());
    payload.put("value", event.path("cost_micros").asString());
    payload.put("sequence", Long.toString(sequence));
    event
        .properties()
        .forEach(
            field -> {
              if (!field.getKey().equals("timestamp") && !field.getValue().isNull()) {
                payload.put(field.getKey(), field.getValue().asString());
              }
            });
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("event_name", eventName);
    body.put("identifier", identifier.toString());
    body.put("timestamp", event.path("timestamp").asString());
    body.put("payload", payload);
    return answer(status(identifier, json.writeValueAsBytes(body)));
  }

  private int status(UUID identifier, byte[] body) throws Unavailable {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", identifier.toString())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new Unavailable(e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted", e);
    }
  }

  /** Wrong credentials or a wrong address are the operator's to mend, not the event's fault. */
  private static Answer answer(int status) throws Unavailable {
    if (status / 100 == 2 || status == CONFLICT) {
      return new Answer.Taken();
    }
    return switch (status) {
      case 400, 413, 415, 422 -> new Answer.Refused(status);
      default -> throw new Unavailable("HTTP " + status, null);
    };
  }
}
