package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.engine.FinishReason;
import io.galerne.serving.Answer;
import io.galerne.serving.Ending;
import io.galerne.serving.GuardrailReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole answer to a chat completion request.
 *
 * @param error only where a budget ended the answer
 * @param guardrails only where the request asked for them
 */
record ChatCompletion(
    String id,
    String object,
    long created,
    String model,
    List<Choice> choices,
    Usage usage,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ErrorEnvelope error,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable List<Map<String, GuardrailBody.Evaluation>> guardrails) {

  /**
   * @param logprobs absent where nobody asked for them
   */
  record Choice(
      int index,
      Message message,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ChoiceLogprobs logprobs,
      @JsonProperty("finish_reason") String finishReason) {}

  /**
   * @param toolCalls null where there are none: clients expect the field
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Message(
      String role,
      String content,
      @JsonProperty("tool_calls") @Nullable List<CalledTool> toolCalls,
      boolean prefix) {}

  static ChatCompletion of(
      AnswerHeading heading, AnswerShape shape, Answer answer, Ending.Finished finished) {
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < answer.choices().size(); i++) {
      choices.add(choice(i, shape, answer.choices().get(i), finished.choices().get(i)));
    }
    return new ChatCompletion(
        heading.id(),
        "chat.completion",
        heading.created(),
        heading.model(),
        choices,
        Usage.of(finished),
        LimitRefusals.ending(finished.choices()),
        null);
  }

  ChatCompletion withGuardrails(List<GuardrailReport> reports) {
    return new ChatCompletion(
        id, object, created, model, choices, usage, error, GuardrailBody.evaluations(reports));
  }

  private static Choice choice(
      int index, AnswerShape shape, Answer.Text answer, Ending.Choice end) {
    List<CalledTool> calls = CalledTool.of(end.toolCalls());
    Message message =
        new Message(
            "assistant", shape.prefix() + answer.text(), calls.isEmpty() ? null : calls, false);
    return new Choice(
        index,
        message,
        shape.logprobs() ? ChoiceLogprobs.of(answer.logprobs()) : null,
        finishReason(end.reason()));
  }

  private static String finishReason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case TOOL_CALLS -> "tool_calls";
      case LENGTH -> "length";
      case CONTEXT_FULL -> "model_length";
      case ALLOWANCE, DEADLINE, CANCELLED, ERROR -> "error";
    };
  }
}
