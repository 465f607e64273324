package io.galerne.engine;

import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;

/**
 * What to generate.
 *
 * @param promptTokens not empty
 * @param terms in whose name, and how urgently
 * @param cache where the prompt's beginning may be found and kept
 */
public record GenerationRequest(
    int[] promptTokens, SamplingParams sampling, ServiceTerms terms, CacheScope cache) {
  /** A request on the default terms that shares nothing with others. */
  public GenerationRequest(int[] promptTokens, SamplingParams sampling) {
    this(promptTokens, sampling, ServiceTerms.DEFAULT, CacheScope.NONE);
  }
}
