package io.galerne.journal;

/**
 * What of one answer reached its client, noted so that it outlives this process: a killed answer is
 * charged for what is noted, which is never more than was delivered and at most {@value
 * #UNNOTED_MAX} tokens less. One thread uses it.
 */
public interface Deliveries extends AutoCloseable {
  /** Tokens that may be delivered before they are noted. */
  int UNNOTED_MAX = 32;

  /** For answers that need no notes. */
  Deliveries UNNOTED =
      new Deliveries() {
        @Override
        public void before(int tokens) {}

        @Override
        public void delivered(int tokens, int cachedPromptTokens) {}

        @Override
        public void close() {}
      };

  /**
   * Waits until so many more tokens may be delivered.
   *
   * @param tokens at most {@link #UNNOTED_MAX}
   * @throws FencedException if another replica has taken this one for dead and charged the request
   */
  void before(int tokens) throws InterruptedException;

  /** They were delivered. Doesn't wait. */
  void delivered(int tokens, int cachedPromptTokens);

  /** Notes nothing more, also not what is being written: what follows is the ledger's line. */
  @Override
  void close();
}
