package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.engine.FinishReason;
import io.galerne.serving.Ending;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a streamed answer.
 *
 * @param usage only on the last chunk, absent elsewhere: clients choke on null
 */
record ChatChunk(
    String id,
    String object,
    long created,
    String model,
    List<Choice> choices,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Usage usage) {

  /**
   * @param finishReason null until the end, but always there: clients require the field
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Choice(
      int index, Delta delta, @JsonProperty("finish_reason") @Nullable String finishReason) {}

  /**
   * @param role only on the first chunk
   * @param toolCalls only on the last chunk, each of them whole: some clients don't join pieces
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Delta(
      @Nullable String role,
      @JsonInclude(JsonInclude.Include.ALWAYS) String content,
      @JsonProperty("tool_calls") List<CalledTool> toolCalls) {
    Delta(@Nullable String role, String content) {
      this(role, content, List.of());
    }
  }

  static ChatChunk first(AnswerHeading heading) {
    return of(heading, new Delta("assistant", ""), null, null);
  }

  static ChatChunk text(AnswerHeading heading, String text) {
    return of(heading, new Delta(null, text), null, null);
  }

  static ChatChunk last(AnswerHeading heading, Ending.Finished finished) {
    Delta delta = new Delta(null, "", CalledTool.of(finished.toolCalls()));
    return of(heading, delta, finishReason(finished.reason()), Usage.of(finished));
  }

  private static ChatChunk of(
      AnswerHeading heading, Delta delta, @Nullable String finishReason, @Nullable Usage usage) {
    return new ChatChunk(
        heading.id(),
        "chat.completion.chunk",
        heading.created(),
        heading.model(),
        List.of(new Choice(0, delta, finishReason)),
        usage);
  }

  /** Streams know no {@code model_length}. */
  private static String finishReason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case TOOL_CALLS -> "tool_calls";
      case LENGTH, CONTEXT_FULL -> "length";
      case DEADLINE, CANCELLED, ERROR -> "error";
    };
  }
}
