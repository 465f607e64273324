package io.galerne.metering;

/**
 * The tokens of one request.
 *
 * @param prompt all tokens of the prompt
 * @param cachedPrompt those of them that the prefix cache had
 * @param completion tokens delivered to the client
 */
public record TokenCounts(int prompt, int cachedPrompt, int completion) {
  public TokenCounts {
    if (cachedPrompt < 0 || cachedPrompt > prompt || completion < 0) {
      throw new IllegalArgumentException(
          "%d of %d prompt tokens cached, %d generated"
              .formatted(cachedPrompt, prompt, completion));
    }
  }

  public int uncachedPrompt() {
    return prompt - cachedPrompt;
  }
}
