package io.galerne.engine;

import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.PromptRequest;
import org.jspecify.annotations.Nullable;

/**
 * What to generate.
 *
 * @param promptTokens not empty
 * @param terms in whose name, and how urgently
 * @param cache where the prompt's beginning may be found and kept
 * @param constraint what the answer is held to, made by the engine that gets the request; null for
 *     whatever the model writes
 * @param leader an earlier request with the same prompt: this one starts when that one's prompt is
 *     computed, so that the cache has it; null to start in turn
 * @param allowance asked for each token of the answer
 * @param conversation what the prompt was made of, for engines that pass it on; null where it was
 *     made otherwise
 */
public record GenerationRequest(
    int[] promptTokens,
    SamplingParams sampling,
    ServiceTerms terms,
    CacheScope cache,
    @Nullable Constraint constraint,
    @Nullable Generation leader,
    TokenAllowance allowance,
    @Nullable PromptRequest conversation) {
  /** A request that no other engine needs to read. */
  public GenerationRequest(
      int[] promptTokens,
      SamplingParams sampling,
      ServiceTerms terms,
      CacheScope cache,
      @Nullable Constraint constraint,
      @Nullable Generation leader,
      TokenAllowance allowance) {
    this(promptTokens, sampling, terms, cache, constraint, leader, allowance, null);
  }

  /** A request that is bounded by nothing but itself. */
  public GenerationRequest(
      int[] promptTokens,
      SamplingParams sampling,
      ServiceTerms terms,
      CacheScope cache,
      @Nullable Constraint constraint,
      @Nullable Generation leader) {
    this(promptTokens, sampling, terms, cache, constraint, leader, TokenAllowance.UNLIMITED);
  }

  /** A request that starts in turn. */
  public GenerationRequest(
      int[] promptTokens,
      SamplingParams sampling,
      ServiceTerms terms,
      CacheScope cache,
      @Nullable Constraint constraint) {
    this(promptTokens, sampling, terms, cache, constraint, null);
  }

  /** A request for whatever the model writes. */
  public GenerationRequest(
      int[] promptTokens, SamplingParams sampling, ServiceTerms terms, CacheScope cache) {
    this(promptTokens, sampling, terms, cache, null, null);
  }

  /** A request on the default terms that shares nothing with others. */
  public GenerationRequest(int[] promptTokens, SamplingParams sampling) {
    this(promptTokens, sampling, ServiceTerms.DEFAULT, CacheScope.NONE);
  }
}
