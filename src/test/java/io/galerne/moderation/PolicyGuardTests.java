package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.Rules;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.Rule.Action;
import io.galerne.serving.CompletionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** An answer's texts, JSON documents and calls of tools under a policy for what comes out. */
class PolicyGuardTests {
  private static final String CARD = "4111 1111 1111 1111";
  private static final List<GuardedRule> RULES =
      List.of(Rules.pii(Action.REDACT), Rules.phrases(Action.BLOCK, "bomb"));

  private final List<Finding> kept = new ArrayList<>();

  private PolicyGuard guard(OutputFormat format, ChatMessage... messages) {
    CompletionRequest request =
        new CompletionRequest(
            "m",
            messages.length == 0 ? List.of(new ChatMessage("user", "q")) : List.of(messages),
            List.of(
                new ToolDefinition("send", "", "{\"type\": \"object\"}"),
                new ToolDefinition(
                    "pay",
                    "",
                    "{\"type\": \"object\", \"properties\": {\"to\": {\"pattern\": \"^[0-9"
                        + " ]+$\"}}}")),
            format,
            0.0,
            1,
            null,
            0L,
            List.of());
    AnswerEvidence evidence =
        new AnswerEvidence() {
          @Override
          public void saw(String more) {}

          @Override
          public void keep(List<Finding> findings) {
            kept.addAll(findings);
          }
        };
    return new PolicyGuard(RULES, request, evidence, Policy.BlockedOutput.GENERATED);
  }

  private static String all(PolicyGuard guard, String text) {
    StringBuilder out = new StringBuilder();
    text.chars().forEach(c -> out.append(guard.add(Character.toString(c))));
    return out.append(guard.finish()).toString();
  }

  @Test
  void aJsonDocumentStaysOne() {
    PolicyGuard guard = guard(new OutputFormat.JsonObject());

    String out = all(guard, "{\"card\": \"" + CARD + "\", \"n\": 3}");

    assertThat(JsonMapper.shared().readTree(out).get("card").asString()).isEqualTo("[pii]");
    assertThat(guard.block()).isNull();
  }

  @Test
  void aMarkThatMightNotFitTheSchemaBlocks() {
    String loose = "{\"type\": \"object\", \"properties\": {\"card\": {\"type\": \"string\"}}}";
    String strict = loose.replace("\"string\"", "\"string\", \"pattern\": \"^[0-9 ]+$\"");
    String document = "{\"card\": \"" + CARD + "\"}";
    PolicyGuard fits = guard(new OutputFormat.JsonSchema(loose));
    PolicyGuard mightNot = guard(new OutputFormat.JsonSchema(strict));

    assertThat(all(fits, document)).isEqualTo("{\"card\": \"[pii]\"}");
    assertThat(all(mightNot, document)).isEqualTo("{\"card\": \"");
    assertThat(fits.block()).isNull();
    assertThat(mightNot.block()).isNotNull();
  }

  @Test
  void aPatternOrAChoiceIsKeptOrBlocked() {
    PolicyGuard guard = guard(new OutputFormat.Choice(List.of(CARD, "none")));

    assertThat(all(guard, CARD)).isEmpty();
    assertThat(guard.block()).isNotNull();
    assertThat(all(guard(new OutputFormat.Choice(List.of(CARD, "none"))), "none"))
        .isEqualTo("none");
  }

  private static @Nullable ToolCall call(PolicyGuard guard, String tool, String arguments) {
    return guard.call(new ToolCall("id", tool, arguments));
  }

  @Test
  void argumentsOfCallsAreCoveredUpAndStayJson() {
    PolicyGuard guard = guard(new OutputFormat.FreeText());

    ToolCall passed = call(guard, "send", "{\"text\": \"card 4111\\u00201111 1111 1111\"}");

    String arguments = Objects.requireNonNull(passed).arguments();
    assertThat(JsonMapper.shared().readTree(arguments).get("text").asString())
        .isEqualTo("card [pii]");
    assertThat(guard.block()).isNull();
    guard.settled();
    assertThat(kept).hasSize(1);
  }

  @Test
  void aCallThatMayNotGoOutBlocksTheAnswer() {
    PolicyGuard words = guard(new OutputFormat.FreeText());
    PolicyGuard strict = guard(new OutputFormat.FreeText());
    PolicyGuard key = guard(new OutputFormat.FreeText());

    assertThat(call(words, "send", "{\"text\": \"b\\u006fmb\"}")).isNull();
    assertThat(call(strict, "pay", "{\"to\": \"" + CARD + "\"}")).isNull();
    assertThat(call(key, "send", "{\"" + CARD + "\": 1}")).isNull();
    assertThat(List.of(words, strict, key)).allSatisfy(g -> assertThat(g.block()).isNotNull());
    assertThat(call(guard(new OutputFormat.FreeText()), "send", "{\"text\": \"fine\"}"))
        .as("the control")
        .isNotNull();
  }

  @Test
  void aMatchMayBeginInTheTextThatTheAnswerGoesOnWith() {
    ChatMessage question = new ChatMessage("user", "q");
    PolicyGuard blocks =
        guard(new OutputFormat.FreeText(), question, ChatMessage.prefix("Build a bo"));
    PolicyGuard covers =
        guard(new OutputFormat.FreeText(), question, ChatMessage.prefix("Card: 4111 1111"));
    PolicyGuard passes = guard(new OutputFormat.FreeText(), question, ChatMessage.prefix("Bo"));

    assertThat(all(blocks, "mb and more")).isEmpty();
    assertThat(blocks.block()).isNotNull();
    assertThat(all(covers, " 1111 1111 yes")).isEqualTo("[pii] yes");
    assertThat(all(passes, "ok of verse")).isEqualTo("ok of verse");
    assertThat(passes.passed()).isEqualTo("ok of verse".length());
    assertThat(all(guard(new OutputFormat.FreeText()), "mb and more"))
        .as("without the text before there is nothing to find")
        .isEqualTo("mb and more");
  }
}
