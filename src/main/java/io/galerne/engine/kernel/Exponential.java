package io.galerne.engine.kernel;

/**
 * The constants and the scalar form of e^x that all kernels share, so that results do not depend on
 * the machine's mathematical library. Cody-Waite reduction to |r| at most ln 2 / 2 and the
 * polynomial of Cephes' expf; within 2 units in the last place. Below {@link #MIN} the result is 0.
 */
final class Exponential {
  static final float MIN = -87;
  static final float MAX = 88;
  static final float LOG2_E = 1.442695f;
  static final float LN2_HIGH = 0.6933594f;
  static final float LN2_LOW = -2.1219444E-4f;
  static final float C0 = 1.9875691E-4f;
  static final float C1 = 0.0013981999f;
  static final float C2 = 0.008333452f;
  static final float C3 = 0.041665796f;
  static final float C4 = 0.16666666f;
  static final float C5 = 0.5f;

  /** Adding it rounds to an integer that then stands in the low bits. */
  static final float ROUNDER = 0x1.8p23f;

  private Exponential() {}

  static float exp(float x) {
    float clamped = Math.min(Math.max(x, MIN), MAX);
    float shifted = Math.fma(clamped, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
    float p = Math.fma(C0, r, C1);
    p = Math.fma(p, r, C2);
    p = Math.fma(p, r, C3);
    p = Math.fma(p, r, C4);
    p = Math.fma(p, r, C5);
    p = Math.fma(p, r * r, r) + 1;
    int scaled = Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23);
    return x < MIN ? 0 : Float.intBitsToFloat(scaled);
  }
}
