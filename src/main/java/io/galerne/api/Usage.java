package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.serving.Ending;

/** Tokens of a request, as its line in the ledger has them. */
record Usage(
    @JsonProperty("prompt_tokens") int promptTokens,
    @JsonProperty("completion_tokens") int completionTokens,
    @JsonProperty("total_tokens") int totalTokens) {

  static Usage of(Ending.Finished finished) {
    return new Usage(
        finished.promptTokens(),
        finished.completionTokens(),
        finished.promptTokens() + finished.completionTokens());
  }
}
