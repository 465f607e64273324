package io.galerne.engine.model;

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
   * @param factors {@code [dimensions / 2]}: what each frequency is divided by, as Llama 3.1 was
   *     stretched; empty for 1
   */
  Rope(RopeConfig config, float[] factors) {
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
  }

  /** Pairs that turn. */
  int pairs() {
    return frequencies.length;
  }

  /**
   * The turn at a position.
   *
   * @param cosines {@code [pairs]} from {@code turn}, filled
   * @param sines {@code [pairs]} from {@code turn}, filled
   */
  void angles(int position, float[] cosines, float[] sines, int turn) {
    for (int i = 0; i < frequencies.length; i++) {
      double angle = position * frequencies[i];
      cosines[turn + i] = (float) (StrictMath.cos(angle) * magnitude);
      sines[turn + i] = (float) (StrictMath.sin(angle) * magnitude);
    }
  }

  /** Turns one head in place: {@code [headSize]} from {@code offset}. */
  void rotate(float[] head, int offset, float[] cosines, float[] sines, int turn) {
    for (int i = 0; i < frequencies.length; i++) {
      float even = head[offset + 2 * i];
      float odd = head[offset + 2 * i + 1];
      float cosine = cosines[turn + i];
      float sine = sines[turn + i];
      head[offset + 2 * i] = even * cosine - odd * sine;
      head[offset + 2 * i + 1] = even * sine + odd * cosine;
    }
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
