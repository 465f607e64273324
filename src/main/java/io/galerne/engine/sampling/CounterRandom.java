package io.galerne.engine.sampling;

/**
 * Random numbers by position: the n-th draw of a seed is a function of both, so a sequence's draws
 * depend neither on its neighbours nor on how often it was recomputed. The mixing is that of
 * SplitMix64 (Steele, Lea and Flood, 2014).
 */
final class CounterRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** Uniform in [0, 1). */
  static double uniform(long seed, long counter) {
    long mixed = mix(mix(seed + GOLDEN_GAMMA) + (counter + 1) * GOLDEN_GAMMA);
    return (mixed >>> 11) * 0x1p-53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
