package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.serving.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of a request, as its line in the ledger has them.
 *
 * @param promptTokensDetails null where there is no cache to tell of
 */
record Usage(
    @JsonProperty("prompt_tokens") int promptTokens,
    @JsonProperty("completion_tokens") int completionTokens,
    @JsonProperty("total_tokens") int totalTokens,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("prompt_tokens_details")
        @Nullable PromptTokensDetails promptTokensDetails) {

  /**
   * Of the prompt's tokens.
   *
   * @param cachedTokens those that the cache had, so that they were not computed
   */
  record PromptTokensDetails(@JsonProperty("cached_tokens") int cachedTokens) {}

  /** Of a request that only reads. */
  static Usage ofPrompt(int promptTokens) {
    return new Usage(promptTokens, 0, promptTokens, null);
  }

  static Usage of(Ending.Finished finished) {
    return new Usage(
        finished.promptTokens(),
        finished.completionTokens(),
        finished.promptTokens() + finished.completionTokens(),
        new PromptTokensDetails(finished.cachedPromptTokens()));
  }
}
