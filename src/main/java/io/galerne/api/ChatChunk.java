package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.engine.FinishReason;
import io.galerne.serving.AnswerPiece;
import io.galerne.serving.Ending;
import io.galerne.serving.GuardrailReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a streamed answer.
 *
 * @param usage only on the last chunk, absent elsewhere: clients choke on null
 * @param error only on the last chunk of an answer that a budget ended
 * @param guardrails only on the last chunk: what cut the answer, or what those that the request
 *     asked for said of it
 */
record ChatChunk(
    String id,
    String object,
    long created,
    String model,
    List<Choice> choices,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Usage usage,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ErrorEnvelope error,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Object guardrails) {

  /**
   * @param logprobs of the chunk's tokens, absent where nobody asked for them
   * @param finishReason null until the end, but always there: clients require the field
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Choice(
      int index,
      Delta delta,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ChoiceLogprobs logprobs,
      @JsonProperty("finish_reason") @Nullable String finishReason) {}

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

  static ChatChunk first(AnswerHeading heading, int choice) {
    return of(heading, new Choice(choice, new Delta("assistant", ""), null, null), null, null);
  }

  static ChatChunk text(AnswerHeading heading, AnswerPiece piece) {
    ChoiceLogprobs logprobs = ChoiceLogprobs.ofAny(piece.logprobs());
    Delta delta = new Delta(null, piece.text());
    return of(heading, new Choice(piece.choice(), delta, logprobs, null), null, null);
  }

  /**
   * @param usage of all answers, with the last of their ends
   */
  static ChatChunk end(
      AnswerHeading heading, int choice, Ending.Choice end, @Nullable Usage usage) {
    Delta delta = new Delta(null, "", CalledTool.of(end.toolCalls()));
    return of(
        heading,
        new Choice(choice, delta, null, finishReason(end.reason())),
        usage,
        LimitRefusals.ending(end.reason()));
  }

  private static ChatChunk of(
      AnswerHeading heading, Choice choice, @Nullable Usage usage, @Nullable ErrorEnvelope error) {
    return new ChatChunk(
        heading.id(),
        "chat.completion.chunk",
        heading.created(),
        heading.model(),
        List.of(choice),
        usage,
        error,
        null);
  }

  /** For the last chunk of an answer: what cut it, or else what let its request pass. */
  ChatChunk withGuardrails(@Nullable GuardrailReport block, List<GuardrailReport> passed) {
    Object said =
        block == null ? GuardrailBody.evaluations(passed) : GuardrailBody.Results.of(block);
    return new ChatChunk(id, object, created, model, choices, usage, error, said);
  }

  /** Streams know no {@code model_length}. */
  private static String finishReason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case TOOL_CALLS -> "tool_calls";
      case LENGTH, CONTEXT_FULL -> "length";
      case ALLOWANCE, DEADLINE, CANCELLED, ERROR -> "error";
    };
  }
}
