package io.galerne.bench;

/**
 * One figure of one round.
 *
 * @param engine who was measured
 * @param work what was done
 * @param tokensPerSecond of all streams together
 */
record Measurement(String engine, Work work, double tokensPerSecond) {
  /**
   * A task that every engine can be given.
   *
   * @param streams sequences that decode together; 0 means prompt processing
   */
  record Work(int threads, int streams) {
    static final int PROMPT_TOKENS = Integer.getInteger("bench.prompt", 512);
    static final int DECODE_CONTEXT = Integer.getInteger("bench.context", 128);
    static final int DECODE_TOKENS = Integer.getInteger("bench.decode", 128);

    static Work prompt(int threads) {
      return new Work(threads, 0);
    }

    String title() {
      return streams == 0
          ? "prompt %d".formatted(PROMPT_TOKENS)
          : "decode %d, %d stream%s".formatted(DECODE_TOKENS, streams, streams == 1 ? "" : "s");
    }
  }
}
