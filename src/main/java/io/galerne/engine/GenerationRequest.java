package io.galerne.engine;

import io.galerne.engine.sampling.SamplingParams;

/**
 * What to generate.
 *
 * @param promptTokens not empty
 */
public record GenerationRequest(int[] promptTokens, SamplingParams sampling) {}
