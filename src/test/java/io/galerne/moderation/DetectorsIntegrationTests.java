package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.template.ChatMessage;
import io.galerne.identity.Caller;
import io.galerne.serving.CompletionRequest;
import io.galerne.serving.Moderator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.test.context.TestPropertySource;

/** Detectors with something behind them, and the floor of an operator, each with its control. */
@TestPropertySource(
    properties = {
      "galerne.moderation.floor=src/test/resources/moderation/floor.yaml",
      "galerne.moderation.remote-hosts=127.0.0.1",
      "galerne.moderation.remote-http=true"
    })
class DetectorsIntegrationTests extends ModerationIntegrationTest {
  @Autowired Moderator moderator;
  @Autowired DecisionKeeper keeper;
  @Autowired EffectivePolicies effective;
  @Autowired OperatorFloor floor;
  @Autowired PublishedFloor published;
  @Autowired CallerJudges judges;
  @Autowired RequestGuardrails guardrails;
  @Autowired DecisionLog log;
  @Autowired ModerationProperties properties;

  private RemoteClassifier remote;

  DetectorsIntegrationTests() throws Exception {
    remote = new RemoteClassifier();
  }

  @BeforeEach
  void freshService() throws Exception {
    remote.close();
    remote = new RemoteClassifier();
  }

  @AfterEach
  void close() {
    remote.close();
  }

  private Moderator.Subject subject() {
    return new Moderator.Subject(
        new Caller(tenant, UUID.randomUUID(), UUID.randomUUID()),
        "mistral-tiny",
        "w",
        UUID.randomUUID());
  }

  private static CompletionRequest asking(CompletionRequest.@Nullable Gap gap, String text) {
    CompletionRequest plain =
        new CompletionRequest(
            "mistral-tiny",
            List.of(new ChatMessage("user", text)),
            List.of(),
            new OutputFormat.FreeText(),
            0.0,
            1,
            8,
            0L,
            List.of());
    return new CompletionRequest(
        plain.model(),
        plain.messages(),
        gap,
        plain.tools(),
        plain.format(),
        plain.temperature(),
        plain.topP(),
        plain.maxTokens(),
        plain.seed(),
        plain.stop(),
        plain.choices(),
        plain.adjustments(),
        plain.topLogprobs());
  }

  private Moderator.Judgement judge(String text) {
    return moderator.judge(asking(null, text), List.of(), subject());
  }

  private static String passed(Moderator.Judgement judgement) {
    assertThat(judgement).isInstanceOf(Moderator.Passed.class);
    return ((Moderator.Passed) judgement).request().messages().getFirst().content();
  }

  @Test
  void noTenantLowersTheFloor() throws Exception {
    publish(
        """
        {"name": "Lower", "billing": {"blocked_input": "nothing"}, "rules": [
          {"id": "a", "type": "phrases", "phrases": ["zarquon"], "category": "c", "action": "flag"},
          {"id": "b", "type": "phrases", "phrases": ["vogon"], "category": "c",
           "action": "replace", "replacement": "(tenant)"},
          {"id": "c", "type": "phrases", "phrases": ["slartibartfast"], "category": "c",
           "action": "replace", "replacement": "(tenant)"}]}\
        """);

    Reply refused = chat("hail z4rquon", false);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(
            mapper.readTree(refused.body()).at("/guardrails/results/policy/model_name").asString())
        .startsWith("floor:");
    assertThat(ledger().getFirst()).as("the floor charges").matches("BLOCKED [1-9]\\d* 0");
    assertThat(passed(judge("a vogon and slartibartfast"))).isEqualTo("a (floor) and (tenant)");
    assertThat(floor.policy()).isPresent();
  }

  private void publishRemote(String onFailure, int timeoutMillis) {
    publish(
        policy(
            """
            {"id": "r", "type": "remote", "url": "%s", "category": "violence", "timeout_ms": %d,
             "applies_to": "input", "action": "block", "on_failure": "%s"}\
            """
                .formatted(remote.url(), timeoutMillis, onFailure)));
  }

  @ParameterizedTest
  @CsvSource({
    "closed, WELL, 200, 403, r remote block",
    "open, WELL, 200, 403, r remote block",
    "closed, SLOW, 403, 403, r remote block the remote classifier took too long",
    "open, SLOW, 200, 200, r remote flag the remote classifier took too long",
    "closed, BROKEN, 403, 403, r remote block the remote classifier said 500",
    "open, BROKEN, 200, 200, r remote flag the remote classifier said 500",
  })
  void aRemoteClassifierThatFailsBlocksUnlessItsRuleIsOpen(
      String onFailure, RemoteClassifier.Mood mood, int calm, int brawl, String decision)
      throws Exception {
    publishRemote(onFailure, mood == RemoteClassifier.Mood.SLOW ? 500 : 20_000);
    remote.is(mood);

    assertThat(chat("a calm day", false).status()).isEqualTo(calm);
    assertThat(chat("what a brawl", false).status()).isEqualTo(brawl);
    assertThat(decisions()).isNotEmpty().allMatch(decision::equals);
    assertThat(remote.asked()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"closed, 403, g guardmodel block", "open, 200, g guardmodel flag"})
  void aGuardModelThatIsNotThereBlocksUnlessItsRuleIsOpen(
      String onFailure, int status, String decision) throws Exception {
    publish(
        policy(
            """
            {"id": "g", "type": "guard_model", "model": "no-such-model", "category": "unsafe",
             "applies_to": "input", "action": "block", "on_failure": "%s"}\
            """
                .formatted(onFailure)));

    assertThat(chat("hello", false).status()).isEqualTo(status);
    assertThat(decisions())
        .singleElement()
        .asString()
        .startsWith(decision)
        .contains("the guard model refused");
  }

  @Test
  void aGuardModelIsAskedAndItsTokensAreTheCallers() throws Exception {
    publish(
        policy(
            """
            {"id": "g", "type": "guard_model", "model": "mistral-tiny", "category": "unsafe",
             "applies_to": "input", "action": "flag", "threshold": 0, "timeout_ms": 30000}\
            """));

    assertThat(chat("hello", false).status()).isEqualTo(200);

    assertThat(decisions()).containsExactly("g guardmodel flag");
    assertThat(ledger()).as("the guard's line and the request's").hasSize(2);
  }

  @Test
  void onlyAllowedLanguagesPass() throws Exception {
    UUID id =
        publish(
            policy(
                """
                {"id": "l", "type": "language", "allowed": ["fr"], "category": "language",
                 "applies_to": "input", "action": "block", "threshold": 0.9}\
                """));
    String english = "Could you tell me when the next train to Manchester leaves?";

    assertThat(chat(english, false).status()).isEqualTo(403);
    assertThat(chat("Pouvez-vous me dire quand part le prochain train ?", false).status())
        .isEqualTo(200);
    policies.rollBack(owner(), id, 0);
    assertThat(chat(english, false).status()).as("the control").isEqualTo(200);
  }

  @Test
  void whatMeansTheSameIsFound() {
    String question = "Which shares should I buy with the money I saved?";
    assertThat(passed(judge(question))).as("the control").isEqualTo(question);
    publish(
        policy(
            """
            {"id": "s", "type": "similarity", "category": "financial", "applies_to": "input",
             "action": "block", "examples": ["Which stocks should I buy with my savings?"]}\
            """));

    assertThat(judge(question)).isInstanceOf(Moderator.Blocked.class);
    assertThat(judge("How do bees make honey in the spring?")).isInstanceOf(Moderator.Passed.class);
  }

  @Test
  void textAroundAGapIsJudgedAndNotPatched() {
    publish(
        policy(
            words("forbidden", "input", "block")
                + ", {\"id\": \"p\", \"type\": \"pii\", \"category\": \"pii\","
                + " \"action\": \"redact\"}"));
    CompletionRequest.Gap gap = new CompletionRequest.Gap("def f(", "): pass");

    assertThat(moderator.judge(asking(gap, "forbidden"), List.of(), subject()))
        .isInstanceOf(Moderator.Blocked.class);
    assertThat(moderator.judge(asking(gap, "jane@example.com"), List.of(), subject()))
        .isInstanceOf(Moderator.Blocked.class);
    assertThat(moderator.judge(asking(gap, "def f(): pass"), List.of(), subject()))
        .isInstanceOf(Moderator.Passed.class);
  }

  @Test
  void whatNobodyKnowsThePoliciesOfIsRefused() {
    EffectivePolicies down =
        new EffectivePolicies(records, floor, published, properties) {
          @Override
          List<CompiledPolicy> of(Caller caller, String model, String deployment) {
            throw new DataAccessResourceFailureException("no database");
          }
        };
    Moderator blind = new PolicyModerator(down, judges, guardrails, log);

    assertThat(blind.judge(asking(null, "hello"), List.of(), subject()))
        .isInstanceOf(Moderator.Unknown.class);
    assertThat(blind.judge(List.of("hello"), subject())).isInstanceOf(Moderator.Unknown.class);
    assertThat(moderator.judge(List.of("hello"), subject()))
        .isInstanceOf(Moderator.TextsPassed.class);
  }

  @Test
  void decisionsGoWhenTheirTimeIsOver() {
    publish(
        "{\"name\": \"Kept\", \"evidence\": {\"content\": true, \"retention_days\": 1}, \"rules\":"
            + " ["
            + words("seen", "input", "flag")
            + "]}");
    judge("have you seen it");
    judge("seen again");
    assertThat(decisions()).hasSize(2);

    expire("moderation_decision");
    expire("moderation_sample");
    assertThat(keeper.run()).isGreaterThanOrEqualTo(2);

    assertThat(decisions()).as("the other one has time left").hasSize(1);
    assertThat(keeper.run()).isZero();
  }

  /** One row of the tenant's; the runtime role can't change rows, so it is put in anew. */
  private void expire(String table) {
    String columns =
        table.endsWith("decision")
            ? "request_id, workspace_id, api_key_id, model, stage, policy_version, rule_id,"
                + " detector, category, score, span_start, span_end, action, failure, decided_at"
            : "request_id, stage, role, content, recorded_at";
    transactions.runInTenant(
        tenant,
        () -> {
          UUID id = jdbc.sql("select id from " + table + " limit 1").query(UUID.class).single();
          jdbc.sql(
                  "insert into %s (tenant_id, id, %s, expires_at) select tenant_id, ?, %s,"
                          .formatted(table, columns, columns)
                      + " now() - interval '1 second' from "
                      + table
                      + " where id = ?")
              .params(UUID.randomUUID(), id)
              .update();
          jdbc.sql("delete from " + table + " where id = ?").param(id).update();
        });
  }
}
