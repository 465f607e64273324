package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.database.TenantTransactions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The same POST sent again under its Idempotency-Key. */
class IdempotencyIntegrationTests extends AdminIntegrationTest {
  private static final String KEYS = "/v1/admin/api-keys";

  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;

  @Test
  void theSecondGetsTheFirstOnesAnswer() {
    Answer first = keyed(KEYS, "one", keyBody("a"));
    Answer second = keyed(KEYS, "one", keyBody("a"));
    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(first.header("idempotent-replayed")).isEmpty();
    assertThat(second.header("idempotent-replayed")).isEqualTo("true");
    assertThat(second.header("content-type")).isEqualTo(first.header("content-type"));
    assertThat(keyCount()).isEqualTo(1);
    // the control: without the header, and under another one, it is done again
    send(own.key(), "POST", KEYS, keyBody("a"));
    keyed(KEYS, "two", keyBody("a"));
    assertThat(keyCount()).isEqualTo(3);
  }

  @Test
  void anotherBodyIsRefused() {
    keyed(KEYS, "one", keyBody("a"));
    Answer other = keyed(KEYS, "one", keyBody("b"));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().get("type").asString()).isEqualTo("idempotency_mismatch");
    assertThat(other.json().get("param").asString()).isEqualTo("Idempotency-Key");
    assertThat(keyCount()).isEqualTo(1);
  }

  @Test
  void refusalsAreNotKept() {
    String unknownUser = keyBody("a").replace(own.owner().toString(), UUID.randomUUID().toString());
    assertThat(keyed(KEYS, "one", unknownUser).status()).isEqualTo(404);
    assertThat(keyed(KEYS, "one", "{\"nonsense\": 1}").status()).isEqualTo(422);
    Answer corrected = keyed(KEYS, "one", keyBody("a"));
    assertThat(corrected.status()).isEqualTo(200);
    assertThat(corrected.header("idempotent-replayed")).isEmpty();
  }

  @Test
  void ofManyAtOnceOneIsDone() throws InterruptedException, ExecutionException {
    for (int round = 0; round < 5; round++) {
      String key = "round-" + round;
      List<Callable<Answer>> same =
          IntStream.range(0, 12)
              .<Callable<Answer>>mapToObj(_ -> () -> keyed(KEYS, key, keyBody("a")))
              .toList();
      try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Answer> answers = new ArrayList<>();
        for (var answer : all.invokeAll(same)) {
          answers.add(answer.get());
        }
        assertThat(answers).allMatch(a -> a.status() == 200 || a.status() == 409);
        assertThat(answers.stream().filter(a -> a.status() == 200).map(Answer::text).distinct())
            .hasSize(1);
        assertThat(
                answers.stream()
                    .filter(a -> a.status() == 200 && a.header("idempotent-replayed").isEmpty()))
            .hasSize(1);
      }
      assertThat(keyCount()).isEqualTo(round + 1);
    }
  }

  @Test
  void anotherCredentialHasKeysOfItsOwn() {
    Answer first = keyed(KEYS, "one", keyBody("a"));
    String second = adminKey(own, own.owner());
    Answer other = send(second, "POST", KEYS, keyBody("a"), "Idempotency-Key", "one");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.text()).isNotEqualTo(first.text());
  }

  @Test
  void keysThatAreNoneAreRefused() {
    assertThat(keyed(KEYS, "x".repeat(256), keyBody("a")).status()).isEqualTo(400);
    assertThat(keyed(KEYS, "x".repeat(255), keyBody("a")).status()).isEqualTo(200);
    assertThat(keyCount()).isEqualTo(1);
  }

  @Test
  void aChatAnswerIsComputedOnceAndAStreamIsNotKept() {
    String secret = keyed(KEYS, "chat", keyBody("chat")).json().get("key").asString();
    String body =
        """
        {"model": "mistral-tiny", "max_tokens": 3, "stream": %s,
         "messages": [{"role": "user", "content": "Hi"}]}
        """;
    String path = "/v1/chat/completions";
    Answer first = send(secret, "POST", path, body.formatted(false), "Idempotency-Key", "c");
    Answer again = send(secret, "POST", path, body.formatted(false), "Idempotency-Key", "c");
    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(again.text()).isEqualTo(first.text());
    Answer stream = send(secret, "POST", path, body.formatted(true), "Idempotency-Key", "s");
    Answer streamedAgain = send(secret, "POST", path, body.formatted(true), "Idempotency-Key", "s");
    assertThat(stream.text()).endsWith("data: [DONE]\n\n");
    assertThat(streamedAgain.status()).isEqualTo(200);
    assertThat(streamedAgain.header("idempotent-replayed")).isEmpty();
    long lines =
        transactions.inTenant(
            own.id(),
            () -> jdbc.sql("select count(*) from usage_event").query(Long.class).single());
    assertThat(lines).isEqualTo(3);
  }

  /** A new key is in the kept answer, and can't be read there. */
  @Test
  void whatIsKeptIsSealed() {
    String secret = keyed(KEYS, "sealed-key", keyBody("a")).json().get("key").asString();
    String row =
        transactions.inTenant(
            own.id(),
            () ->
                jdbc.sql("select encode(answer, 'escape') || r::text from idempotency_record r")
                    .query(String.class)
                    .single());
    assertThat(row).doesNotContain(secret.substring(0, 20)).doesNotContain("sealed-key");
    assertThat(row).hasSizeGreaterThan(200);
  }

  private Answer keyed(String path, String idempotencyKey, String body) {
    return send(own.key(), "POST", path, body, "Idempotency-Key", idempotencyKey);
  }

  private String keyBody(String name) {
    return "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\", \"name\": \"%s\"}"
        .formatted(own.workspace(), own.owner(), name);
  }

  private int keyCount() {
    return get(own.key(), KEYS).json().get("keys").size();
  }
}
