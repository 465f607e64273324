package io.galerne.engine;

import java.util.List;

/**
 * A token of an answer with what the model itself thought of it.
 *
 * @param top the likeliest tokens at its place, likeliest first
 */
public record TokenLogprobs(Candidate drawn, List<Candidate> top) {
  public TokenLogprobs {
    top = List.copyOf(top);
  }

  /**
   * A token and its probability.
   *
   * @param bytes its text, which may be a part of a character; read only
   * @param logprob the natural logarithm of its probability, before temperature, penalties, bias
   *     and grammars
   */
  public record Candidate(int token, byte[] bytes, double logprob) {}
}
