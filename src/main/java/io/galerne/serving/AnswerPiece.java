package io.galerne.serving;

import io.galerne.engine.TokenLogprobs;
import java.util.List;

/**
 * More of an answer.
 *
 * @param choice which of the answers that were asked for, from 0
 * @param text may be empty where there are only probabilities to tell
 * @param logprobs of the tokens that made the text, empty where nobody asked for them
 */
public record AnswerPiece(int choice, String text, List<TokenLogprobs> logprobs) {
  public AnswerPiece {
    logprobs = List.copyOf(logprobs);
  }

  /** A text of the only answer. */
  public static AnswerPiece of(String text) {
    return new AnswerPiece(0, text, List.of());
  }
}
