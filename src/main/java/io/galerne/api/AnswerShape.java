package io.galerne.api;

/**
 * What the answer to a request looks like on the wire.
 *
 * @param prefix what every answer's text begins with, or empty
 * @param choices how many answers
 * @param logprobs whether they tell the probabilities of their tokens
 */
record AnswerShape(String prefix, int choices, boolean logprobs) {
  static AnswerShape of(String prefix, SamplingFields sampling) {
    return new AnswerShape(prefix, sampling.choices(), sampling.wantsLogprobs());
  }
}
