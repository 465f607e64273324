package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.engine.FinishReason;
import io.galerne.serving.Ending;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole answer to a chat completion request. */
record ChatCompletion(
    String id, String object, long created, String model, List<Choice> choices, Usage usage) {

  record Choice(int index, Message message, @JsonProperty("finish_reason") String finishReason) {}

  /**
   * @param toolCalls null where there are none: clients expect the field
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Message(
      String role,
      String content,
      @JsonProperty("tool_calls") @Nullable List<CalledTool> toolCalls,
      boolean prefix) {}

  static ChatCompletion of(AnswerHeading heading, String text, Ending.Finished finished) {
    List<CalledTool> calls = CalledTool.of(finished.toolCalls());
    Message message = new Message("assistant", text, calls.isEmpty() ? null : calls, false);
    Choice choice = new Choice(0, message, finishReason(finished.reason()));
    return new ChatCompletion(
        heading.id(),
        "chat.completion",
        heading.created(),
        heading.model(),
        List.of(choice),
        Usage.of(finished));
  }

  private static String finishReason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case TOOL_CALLS -> "tool_calls";
      case LENGTH -> "length";
      case CONTEXT_FULL -> "model_length";
      case DEADLINE, CANCELLED, ERROR -> "error";
    };
  }
}
