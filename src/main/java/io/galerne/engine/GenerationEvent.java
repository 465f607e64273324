package io.galerne.engine;

import java.util.List;

/** What a generation tells its reader, in order: any number of texts and calls, then one end. */
public sealed interface GenerationEvent {
  /**
   * More of the answer. Always whole characters, and never part of a stop text.
   *
   * @param tokens the generated tokens that this text completes
   * @param logprobs of these tokens where the request wants them, otherwise empty; the last text
   *     may have more of them than tokens, those that a stop text cut in two
   */
  record Text(String text, int tokens, List<TokenLogprobs> logprobs) implements GenerationEvent {
    public Text {
      logprobs = List.copyOf(logprobs);
    }

    /** A text without probabilities. */
    public Text(String text, int tokens) {
      this(text, tokens, List.of());
    }
  }

  /**
   * A call of a tool, as soon as all of it is written. Calls come in order, and no text after them.
   * The name is one of the tools', the arguments are compact JSON that is valid for that tool's
   * parameters, the id has 9 letters and digits.
   *
   * @param tokens the generated tokens that the call completes
   */
  record ToolCall(io.galerne.engine.template.ToolCall call, int tokens)
      implements GenerationEvent {}

  /**
   * The end.
   *
   * @param cachedPromptTokens tokens of the prompt that were not computed since the cache had them
   * @param completionTokens tokens of the whole answer: all that the model generated, less the
   *     end-of-generation token and tokens that lie wholly within a stop text
   */
  record Finished(
      FinishReason reason, int promptTokens, int cachedPromptTokens, int completionTokens)
      implements GenerationEvent {
    /** The end of an answer whose prompt was computed wholly, or not at all. */
    public Finished(FinishReason reason, int promptTokens, int completionTokens) {
      this(reason, promptTokens, 0, completionTokens);
    }
  }
}
