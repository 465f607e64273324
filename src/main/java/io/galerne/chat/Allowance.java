package io.galerne.chat;

import io.galerne.metering.Cost;
import org.jspecify.annotations.Nullable;

/**
 * What a member has used of his caps, answers in progress included.
 *
 * @param tokensHeld of the used ones those that answers in progress may still use
 * @param picosHeld the same in money
 */
record Allowance(
    Caps caps,
    long messagesToday,
    long tokensToday,
    long tokensThisMonth,
    long picosThisMonth,
    long tokensHeld,
    long picosHeld) {

  /**
   * How long the answer to a prompt may become.
   *
   * @param promptPicos what the prompt costs
   * @param tokenPicos what each token of the answer costs
   * @return at least 1, at most the tokens that were wanted
   * @throws ChatRefusedException if not one token fits
   */
  int answerTokens(int wanted, int promptTokens, long promptPicos, long tokenPicos) {
    if (caps.messagesPerDay() != null && messagesToday >= caps.messagesPerDay()) {
      throw ChatRefusedException.later("cap.messages.day", caps.messagesPerDay());
    }
    long fits = wanted;
    fits = Math.min(fits, left("cap.tokens.day", caps.tokensPerDay(), tokensToday, promptTokens));
    fits =
        Math.min(
            fits, left("cap.tokens.month", caps.tokensPerMonth(), tokensThisMonth, promptTokens));
    Long spend = caps.spendMicrosPerMonth();
    if (spend != null) {
      long left = spend * Cost.PICOS_PER_MICRO - picosThisMonth - promptPicos;
      if (left < tokenPicos) {
        throw refused("cap.spend.month", left + picosHeld >= tokenPicos, spend);
      }
      fits = tokenPicos == 0 ? fits : Math.min(fits, left / tokenPicos);
    }
    return (int) fits;
  }

  private long left(String code, @Nullable Long cap, long used, int promptTokens) {
    if (cap == null) {
      return Long.MAX_VALUE;
    }
    long left = cap - used - promptTokens;
    if (left < 1) {
      throw refused(code, left + tokensHeld >= 1, cap);
    }
    return left;
  }

  /** What is only held by another answer may be there again in a moment. */
  private static ChatRefusedException refused(String code, boolean held, long cap) {
    return held ? ChatRefusedException.later("cap.held") : ChatRefusedException.later(code, cap);
  }
}
