package io.galerne.serving;

/** The random numbers of several answers to one request. */
final class Seeds {
  /** Odd, and as far from a repetition as 64 bits allow: 2^64 over the golden ratio. */
  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /** The first answer has the request's own seed: it is the same as if it were the only one. */
  static long of(long first, int choice) {
    return first + choice * STRIDE;
  }
}
