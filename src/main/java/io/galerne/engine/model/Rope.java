package io.galerne.engine.model;

/**
 * Rotary position embedding (Su et al., 2021): elements {@code 2i} and {@code 2i + 1} of a head
 * turn by the angle {@code position * base^(-2i / dimensions)}. GGUF files of the llama
 * architecture store heads in this interleaved order.
 */
final class Rope {
  private final double[] frequencies;

  Rope(LlamaConfig config) {
    int dimensions = config.ropeDimensions();
    this.frequencies = new double[dimensions / 2];
    for (int i = 0; i < frequencies.length; i++) {
      // StrictMath, here and below: a replayed answer must not depend on the platform's library.
      frequencies[i] = StrictMath.pow(config.ropeBase(), -2.0 * i / dimensions);
    }
  }

  /** Pairs that turn. */
  int pairs() {
    return frequencies.length;
  }

  /**
   * The turn at a position.
   *
   * @param cosines {@code [pairs]}, filled
   * @param sines {@code [pairs]}, filled
   */
  void angles(int position, float[] cosines, float[] sines) {
    for (int i = 0; i < frequencies.length; i++) {
      double angle = position * frequencies[i];
      cosines[i] = (float) StrictMath.cos(angle);
      sines[i] = (float) StrictMath.sin(angle);
    }
  }

  /** Turns one head in place: {@code [headSize]} from {@code offset}. */
  void rotate(float[] head, int offset, float[] cosines, float[] sines) {
    for (int i = 0; i < frequencies.length; i++) {
      float even = head[offset + 2 * i];
      float odd = head[offset + 2 * i + 1];
      head[offset + 2 * i] = even * cosines[i] - odd * sines[i];
      head[offset + 2 * i + 1] = even * sines[i] + odd * cosines[i];
    }
  }
}
