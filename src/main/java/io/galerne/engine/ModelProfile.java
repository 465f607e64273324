package io.galerne.engine;

import java.nio.file.Path;

/**
 * What a set of weights is.
 *
 * @param name as the file states it
 * @param architecture GGUF's {@code general.architecture}
 * @param quantization the type of most weights, as GGUF names it
 * @param activeParameters those that one token passes through; fewer only in a mixture of experts
 * @param digest lower-case hex SHA-256 of the file
 * @param contextTokens the longest prompt and answer together
 * @param fillsInMiddle whether the vocabulary has the tokens for prompts with a text before and one
 *     behind
 */
public record ModelProfile(
    String name,
    String architecture,
    String quantization,
    long parameters,
    long activeParameters,
    String digest,
    Path file,
    int contextTokens,
    int vocabularySize,
    boolean fillsInMiddle) {
  /** A profile of weights that only go on with a text. */
  public ModelProfile(
      String name,
      String architecture,
      String quantization,
      long parameters,
      long activeParameters,
      String digest,
      Path file,
      int contextTokens,
      int vocabularySize) {
    this(
        name,
        architecture,
        quantization,
        parameters,
        activeParameters,
        digest,
        file,
        contextTokens,
        vocabularySize,
        false);
  }
}
