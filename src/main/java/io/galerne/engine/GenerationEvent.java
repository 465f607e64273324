package io.galerne.engine;

/** What a generation tells its reader, in order: any number of texts, then one end. */
public sealed interface GenerationEvent {
  /**
   * More of the answer. Always whole characters, and never part of a stop text.
   *
   * @param tokens the generated tokens that this text completes
   */
  record Text(String text, int tokens) implements GenerationEvent {}

  /**
   * The end.
   *
   * @param completionTokens tokens of the whole answer: all that the model generated, less the
   *     end-of-generation token and tokens that lie wholly within a stop text
   */
  record Finished(FinishReason reason, int promptTokens, int completionTokens)
      implements GenerationEvent {}
}
