package io.galerne.engine;

import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import org.jspecify.annotations.Nullable;

/**
 * What to generate.
 *
 * @param promptTokens not empty
 * @param terms in whose name, and how urgently
 * @param cache where the prompt's beginning may be found and kept
 * @param constraint what the answer is held to, made by the engine that gets the request; null for
 *     whatever the model writes
 */
public record GenerationRequest(
    int[] promptTokens,
    SamplingParams sampling,
    ServiceTerms terms,
    CacheScope cache,
    @Nullable Constraint constraint) {
  /** A request for whatever the model writes. */
  public GenerationRequest(
      int[] promptTokens, SamplingParams sampling, ServiceTerms terms, CacheScope cache) {
    this(promptTokens, sampling, terms, cache, null);
  }

  /** A request on the default terms that shares nothing with others. */
  public GenerationRequest(int[] promptTokens, SamplingParams sampling) {
    this(promptTokens, sampling, ServiceTerms.DEFAULT, CacheScope.NONE);
  }
}
