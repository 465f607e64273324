package io.galerne.engine.model;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Rotary position embedding (Su et al., 2021): elements {@code 2i} and {@code 2i + 1} of a head
 * turn by the angle {@code position * base^(-2i / dimensions)}. GGUF files of the llama
 * architecture store heads in this interleaved order.
 */
final class Rope {
  private final double[] frequencies;
  private final double magnitude;
  private final float temperature;
  private final int originalContext;

  /**
   * {@code [position / 16][position % 16]}: the cosines of a position, then its sines; there from
   * the first time that somebody gets so far. All that compute one come to the same bits.
   */
  private final AtomicReferenceArray<float[]> turns;

  /**
   * @param positions most that a sequence has
   * @param factors {@code [dimensions / 2]}: what each frequency is divided by, as Llama 3.1 was
   *     stretched; empty for 1
   */
  Rope(RopeConfig config, float[] factors, long positions) {
    int dimensions = config.dimensions();
    this.frequencies = new double[dimensions / 2];
    for (int i = 0; i < frequencies.length; i++) {
      // StrictMath, here and below: a replayed answer must not depend on the platform's library.
      double trained = StrictMath.pow(config.base(), -2.0 * i / dimensions);
      double divided = factors.length == 0 ? trained : trained / factors[i];
      frequencies[i] = config.scaling().scale(divided, i, dimensions, config.base());
    }
    this.magnitude = config.scaling().magnitude() * config.magnitude();
    this.temperature = config.temperature();
    this.originalContext = config.originalContext();
    this.turns =
        new AtomicReferenceArray<>(Math.toIntExact(Math.ceilDiv(positions, KvCache.BLOCK_TOKENS)));
  }

  /** Turns heads that stand side by side: {@code [heads][headSize]} from {@code offset}. */
  void rotate(float[] states, int offset, int heads, int headSize, int position) {
    float[] turn = turns(position);
    int pairs = frequencies.length;
    int cosines = position % KvCache.BLOCK_TOKENS * 2 * pairs;
    int sines = cosines + pairs;
    for (int head = offset; head < offset + heads * headSize; head += headSize) {
      for (int i = 0; i < pairs; i++) {
        float even = states[head + 2 * i];
        float odd = states[head + 2 * i + 1];
        float cosine = turn[cosines + i];
        float sine = turn[sines + i];
        states[head + 2 * i] = even * cosine - odd * sine;
        states[head + 2 * i + 1] = even * sine + odd * cosine;
      }
    }
  }

  private float[] turns(int position) {
    int block = position / KvCache.BLOCK_TOKENS;
    float[] known = turns.get(block);
    if (known != null) {
      return known;
    }
    int pairs = frequencies.length;
    float[] computed = new float[KvCache.BLOCK_TOKENS * 2 * pairs];
    for (int i = 0; i < KvCache.BLOCK_TOKENS * pairs; i++) {
      double angle = (block * KvCache.BLOCK_TOKENS + i / pairs) * frequencies[i % pairs];
      int at = i / pairs * 2 * pairs + i % pairs;
      computed[at] = (float) (StrictMath.cos(angle) * magnitude);
      computed[at + pairs] = (float) (StrictMath.sin(angle) * magnitude);
    }
    turns.set(block, computed);
    return computed;
  }

  /**
   * What a query is multiplied by: more than 1 beyond the original context where the model sharpens
   * its attention with distance, as Ministral 3 does.
   */
  float queryScale(int position) {
    if (temperature == 0) {
      return 1;
    }
    int stretches = position / originalContext;
    return (float) (1 + temperature * StrictMath.log(1.0 + stretches));
  }
}
