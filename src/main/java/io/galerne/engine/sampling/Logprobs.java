package io.galerne.engine.sampling;

/**
 * Natural logarithms of what the model itself thinks of tokens at one place: before temperature,
 * penalties, bias and grammars.
 *
 * @param drawn of the token that was drawn
 * @param tokens the likeliest ones, likeliest first
 * @param values theirs
 */
public record Logprobs(double drawn, int[] tokens, double[] values) {}
