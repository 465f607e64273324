package io.galerne.engine.sampling;

import java.util.Map;

/**
 * Changes a copy of the model's logits as a request asks. What comes out depends on the request and
 * on its own tokens alone. Holds scratch memory, for one thread; it is made when first needed.
 */
final class LogitAdjuster {
  /** So unlikely that it is drawn only where nothing else is left. Finite, so that sums stay so. */
  private static final float NEVER = -1e30f;

  private final int vocabulary;
  private final int[] endings;
  private float[] adjusted = new float[0];

  /** {@code [vocabulary]}: all zero between calls. */
  private int[] counts = new int[0];

  /**
   * @param endings the tokens that end an answer
   */
  LogitAdjuster(int vocabulary, int[] endings) {
    this.vocabulary = vocabulary;
    this.endings = endings.clone();
  }

  /** The adjusted logits, {@code [vocabulary]}; valid until the next call. */
  float[] adjust(float[] logits, int offset, Adjustments wanted, TokenHistory history) {
    if (adjusted.length == 0) {
      adjusted = new float[vocabulary];
      counts = new int[vocabulary];
    }
    System.arraycopy(logits, offset, adjusted, 0, vocabulary);
    for (Map.Entry<Integer, Float> entry : wanted.bias().entrySet()) {
      adjusted[entry.getKey()] += entry.getValue();
    }
    if (wanted.repetitionPenalty() != 1) {
      penaliseRepetition(wanted.repetitionPenalty(), history);
    }
    if (wanted.presencePenalty() != 0 || wanted.frequencyPenalty() != 0) {
      penaliseAnswer(wanted, history);
    }
    if (history.length() - history.promptLength() < wanted.minTokens()) {
      for (int ending : endings) {
        adjusted[ending] = NEVER;
      }
    }
    return adjusted;
  }

  private void penaliseRepetition(float penalty, TokenHistory history) {
    for (int i = 0; i < history.length(); i++) {
      int token = history.token(i);
      if (counts[token]++ == 0) {
        float logit = adjusted[token];
        adjusted[token] = logit > 0 ? logit / penalty : logit * penalty;
      }
    }
    for (int i = 0; i < history.length(); i++) {
      counts[history.token(i)] = 0;
    }
  }

  private void penaliseAnswer(Adjustments wanted, TokenHistory history) {
    for (int i = history.promptLength(); i < history.length(); i++) {
      counts[history.token(i)]++;
    }
    for (int i = history.promptLength(); i < history.length(); i++) {
      int token = history.token(i);
      if (counts[token] > 0) {
        adjusted[token] -= wanted.frequencyPenalty() * counts[token] + wanted.presencePenalty();
        counts[token] = 0;
      }
    }
  }
}
