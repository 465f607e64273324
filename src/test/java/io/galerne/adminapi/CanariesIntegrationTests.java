package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.galerne.secrets.SealBrokenException;
import io.galerne.secrets.SealedPlace;
import io.galerne.secrets.SecretBox;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * 1 000 secrets, each in a request of its own, in every place where a client or an operator may put
 * one: none appears in a log (the platform's own at every level), a metric, an observation (what
 * traces are made of) or an answer that tells of an error.
 */
class CanariesIntegrationTests extends AdminIntegrationTest {
  private static final int OF_EACH = 48;
  private static final String CHAT = "/v1/chat/completions";

  @Autowired MeterRegistry meters;
  @Autowired ObservationRegistry observations;
  @Autowired SecretBox box;

  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final List<String> canaries = new ArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger platform = (Logger) LoggerFactory.getLogger("io.galerne");
  private final Logs logs = new Logs();
  private volatile boolean watching = true;
  private String key = "";

  /** Takes what any form of log could show. */
  private final class Logs extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      told.add("log: " + event.getFormattedMessage() + event.getMDCPropertyMap());
      if (event.getKeyValuePairs() != null) {
        told.add("log: " + event.getKeyValuePairs());
      }
      if (event.getThrowableProxy() != null) {
        told.add("log: " + ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }
  }

  @BeforeEach
  void watch() {
    logs.setContext(root.getLoggerContext());
    logs.start();
    root.addAppender(logs);
    platform.setLevel(Level.TRACE);
    observations
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public boolean supportsContext(Observation.Context context) {
                return watching;
              }

              @Override
              public void onStop(Observation.Context context) {
                told.add(
                    "observation: %s %s %s %s"
                        .formatted(
                            context.getName(),
                            context.getContextualName(),
                            context.getAllKeyValues(),
                            context.getError()));
              }
            });
    Answer created =
        post(
            own.key(),
            "/v1/admin/api-keys",
            "{\"name\": \"canaries\", \"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                .formatted(own.workspace(), own.owner()));
    key = created.json().get("key").asString();
  }

  @AfterEach
  void stopWatching() {
    watching = false;
    root.detachAppender(logs);
    platform.setLevel(null);
  }

  private String canary() {
    String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
    canaries.add(canary);
    return canary;
  }

  /** An error as the client is told of it; a field's own value is quoted to who sent it. */
  private void tell(Answer answer, boolean quotesFields) {
    if (answer.status() >= 400 && !(quotesFields && answer.status() == 422)) {
      told.add("error: " + answer.status() + " " + answer.text() + answer.response().headers());
    }
  }

  private void each(BiFunction<String, Integer, Answer> request) {
    each(request, false);
  }

  private void each(BiFunction<String, Integer, Answer> request, boolean quotesFields) {
    for (int i = 0; i < OF_EACH; i++) {
      tell(request.apply(canary(), i), quotesFields);
    }
  }

  private static String messages(String content) {
    return "\"messages\": [{\"role\": \"user\", \"content\": \"" + content + "\"}]";
  }

  private static String chat(String content, String rest) {
    return "{\"model\": \"mistral-small\", " + messages(content) + ", " + rest + "}";
  }

  private void inKeysAndHeaders() {
    each((canary, _) -> post("gal_live_" + canary.substring(0, 38), CHAT, chat("a", "\"n\": 1")));
    each((canary, _) -> post(canary, CHAT, chat("a", "\"n\": 1")));
    each((canary, _) -> get(canary, "/v1/admin/users"));
    each((canary, _) -> send(null, "GET", "/v1/models", null, "Authorization", "Basic " + canary));
    each((canary, _) -> send(key, "GET", "/v1/models", null, "Cookie", "JSESSIONID=" + canary));
    each(
        (canary, i) ->
            send(
                key,
                "GET",
                "/v1/models/none",
                null,
                List.of("X-Forwarded-For", "User-Agent", "Referer", "traceparent", "X-Request-Id")
                    .get(i % 5),
                canary));
    each(
        (canary, _) ->
            send(
                own.key(),
                "POST",
                "/v1/admin/workspaces",
                "{\"name\": 1}",
                "Idempotency-Key",
                canary));
    each((canary, _) -> get(key, "/v1/models/none?api_key=" + canary));
  }

  private void inPrompts() {
    each((canary, _) -> post(key, CHAT, chat(canary, "\"max_tokens\": 0")));
    each((canary, _) -> post(key, CHAT, chat(canary, "\"max_tokens\": 0, \"stream\": true")));
    each(
        (canary, _) -> {
          String rest = "\"max_tokens\": 0, \"stop\": \"" + canary + "\"";
          return post(key, CHAT, chat("a", rest));
        });
    each((canary, _) -> post(key, CHAT, chat(canary, "\"max_tokens\": 999999999999")), true);
    each((canary, _) -> post(key, CHAT, chat(canary.repeat(2_000), "\"max_tokens\": 1")));
    each(
        (canary, _) ->
            post(key, "/v1/embeddings", "{\"model\": \"none\", \"input\": \"" + canary + "\"}"));
    each(
        (canary, i) ->
            post(
                key,
                CHAT,
                chat(
                    "a",
                    "\"max_tokens\": 0, \"response_format\": {\"type\": \"json_schema\","
                        + " \"json_schema\": {\"name\": \"s\", \"schema\": {\"%s\": \"%s\"}}}"
                            .formatted(i % 2 == 0 ? "description" : "pattern", canary + "("))),
        true);
  }

  private void inBrokenBodies() {
    each((canary, i) -> post(key, CHAT, chat(canary, "\"n\": 1").substring(0, 70 + i % 9)));
    each((canary, _) -> post(key, CHAT, "{\"model\": \"m\", " + messages(canary) + "\u0001"));
    each((canary, _) -> post(key, CHAT, canary));
    each((canary, _) -> post(key, "/v1/fim/completions", "[\"" + canary + "\"]"), true);
  }

  private void atTheAdministrators() {
    each(
        (canary, _) ->
            post(
                null,
                "/v1/admin/users-invite/accept",
                "{\"token\": \"%s\", \"password\": \"%s\", \"otp\": \"%s\"}"
                    .formatted(canary, canary, canary)),
        true);
  }

  /** A credential for somebody else's server, where its row was meddled with. */
  private void inSealedCredentials() {
    for (int i = 0; i < OF_EACH; i++) {
      String canary = canary();
      SealedPlace place = new SealedPlace(own.id(), "row" + i, "backend.credential");
      byte[] sealed = box.seal(canary, place);
      sealed[sealed.length - 1 - i % 20] ^= 1;
      try {
        box.open(sealed, place);
      } catch (SealBrokenException e) {
        told.add("error: " + e + e.getCause());
        platform.warn("a credential doesn't open", e);
      }
    }
  }

  private List<String> found(List<String> secrets) {
    List<String> everything = new ArrayList<>(told);
    meters.getMeters().forEach(meter -> everything.add("metric: " + meter.getId()));
    String all = String.join("\n", everything);
    return secrets.stream()
        .filter(secret -> all.contains(secret) || all.contains(base64(secret)))
        .map(secret -> place(secret, everything))
        .toList();
  }

  private static String place(String secret, List<String> everything) {
    return everything.stream()
        .filter(line -> line.contains(secret) || line.contains(base64(secret)))
        .findFirst()
        .orElse("");
  }

  private static String base64(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  @Test
  void noneOfAThousandSecretsIsTold() {
    inKeysAndHeaders();
    inPrompts();
    inBrokenBodies();
    atTheAdministrators();
    inSealedCredentials();

    assertThat(canaries).hasSizeGreaterThanOrEqualTo(1_000).doesNotHaveDuplicates();
    assertThat(told).hasSizeGreaterThan(1_000);
    assertThat(told).anyMatch(line -> line.startsWith("observation: http.server.requests"));
    assertThat(told).anyMatch(line -> line.startsWith("log: "));
    assertThat(found(canaries)).isEmpty();
  }

  /** The control: each of the places is one that is looked at. */
  @Test
  void whatIsToldIsFound() {
    platform.trace("tried with {}", canary());
    platform.error("failed", new IllegalStateException(canary()));
    meters.counter("galerne.canaries", "key", canary()).increment();
    Observation.createNotStarted("canaries", observations)
        .highCardinalityKeyValue("prompt", canary())
        .observe(() -> {});
    tell(get(key, "/v1/models/" + canary()), false);
    assertThat(found(canaries)).hasSize(canaries.size());
    meters.getMeters().stream()
        .filter(meter -> meter.getId().getName().equals("galerne.canaries"))
        .forEach(meters::remove);
  }
}
