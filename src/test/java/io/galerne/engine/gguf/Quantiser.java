package io.galerne.engine.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes the blocks of every type from numbers, for tests: valid and close, not the best there are.
 * Layouts are those of ggml's quantised types.
 */
public final class Quantiser {
  private static final int SUPER_BLOCK = 256;

  private final GgmlType type;
  private final float[] weights;
  private final ByteBuffer out;

  private Quantiser(GgmlType type, float[] weights) {
    this.type = type;
    this.weights = weights;
    int blocks = weights.length / type.blockSize();
    this.out = ByteBuffer.allocate(blocks * type.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The bytes of a tensor as they stand in a file.
   *
   * @param weights row after row; a row must be a multiple of the type's block size
   */
  public static byte[] quantise(GgmlType type, float[] weights) {
    if (weights.length % type.blockSize() != 0) {
      throw new IllegalArgumentException(
          weights.length + " weights are no whole blocks of " + type);
    }
    Quantiser quantiser = new Quantiser(type, weights);
    for (int from = 0; from < weights.length; from += type.blockSize()) {
      quantiser.block(from);
    }
    return quantiser.out.array();
  }

  private void block(int from) {
    switch (type) {
      case F32 -> out.putFloat(weights[from]);
      case F16 -> out.putShort(Float.floatToFloat16(weights[from]));
      case BF16 -> out.putShort(bfloat16(weights[from]));
      case Q4_0 -> symmetric(from, 8);
      case Q5_0 -> symmetric(from, 16);
      case Q8_0 -> symmetric(from, 128);
      case Q4_1 -> ranged(from, 15);
      case Q5_1 -> ranged(from, 31);
      case Q2_K, Q4_K, Q5_K -> superBlock(from);
      case Q3_K -> signedSuperBlock(from, 4, 32);
      case Q6_K -> signedSuperBlock(from, 32, 128);
    }
  }

  /** To the nearest, ties to even. */
  private static short bfloat16(float weight) {
    int bits = Float.floatToRawIntBits(weight);
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /** Blocks of 32 with a scale: the weight of the largest magnitude becomes {@code -limit}. */
  private void symmetric(int from, int limit) {
    float scale = half(extreme(from, 32) / -limit);
    out.putShort(Float.floatToFloat16(scale));
    int[] quants = new int[32];
    for (int k = 0; k < 32; k++) {
      int q = Math.clamp(nearest(weights[from + k], scale), -limit, limit - 1);
      quants[k] = type == GgmlType.Q8_0 ? q : q + limit;
    }
    pairs(quants);
  }

  /** Blocks of 32 with a scale and a minimum. */
  private void ranged(int from, int limit) {
    float minimum = half(least(from, 32));
    float scale = half((greatest(from, 32) - minimum) / limit);
    out.putShort(Float.floatToFloat16(scale)).putShort(Float.floatToFloat16(minimum));
    int[] quants = new int[32];
    for (int k = 0; k < 32; k++) {
      quants[k] = Math.clamp(nearest(weights[from + k] - minimum, scale), 0, limit);
    }
    pairs(quants);
  }

  private void pairs(int[] quants) {
    if (type == GgmlType.Q8_0) {
      for (int q : quants) {
        out.put((byte) q);
      }
      return;
    }
    if (type == GgmlType.Q5_0 || type == GgmlType.Q5_1) {
      int high = 0;
      for (int k = 0; k < 32; k++) {
        high |= (quants[k] >> 4) << k;
      }
      out.putInt(high);
    }
    for (int k = 0; k < 16; k++) {
      out.put((byte) ((quants[k] & 15) | (quants[k + 16] << 4)));
    }
  }

  /** 256 columns with scales and minima of 4 (Q2_K) or 6 bits. */
  private void superBlock(int from) {
    int length = type == GgmlType.Q2_K ? 16 : 32;
    int limit = type == GgmlType.Q2_K ? 3 : type == GgmlType.Q4_K ? 15 : 31;
    int steps = type == GgmlType.Q2_K ? 15 : 63;
    int count = SUPER_BLOCK / length;
    float scaleMax = 0;
    float minimumMax = 0;
    for (int i = 0; i < count; i++) {
      float minimum = Math.max(0, -least(from + i * length, length));
      minimumMax = Math.max(minimumMax, minimum);
      scaleMax = Math.max(scaleMax, (greatest(from + i * length, length) + minimum) / limit);
    }
    float d = half(scaleMax / steps);
    float dMin = half(minimumMax / steps);
    int[] scales = new int[count];
    int[] minima = new int[count];
    int[] quants = new int[SUPER_BLOCK];
    for (int i = 0; i < count; i++) {
      int at = from + i * length;
      float minimum = Math.max(0, -least(at, length));
      minima[i] = Math.clamp(nearest(minimum, dMin), 0, steps);
      scales[i] = Math.clamp(nearest((greatest(at, length) + minimum) / limit, d), 0, steps);
      for (int k = 0; k < length; k++) {
        float weight = weights[at + k] + dMin * minima[i];
        quants[i * length + k] = Math.clamp(nearest(weight, d * scales[i]), 0, limit);
      }
    }
    if (type == GgmlType.Q2_K) {
      for (int i = 0; i < count; i++) {
        out.put((byte) (scales[i] | (minima[i] << 4)));
      }
      crumbs(quants, 0);
      out.putShort(Float.floatToFloat16(d)).putShort(Float.floatToFloat16(dMin));
    } else {
      out.putShort(Float.floatToFloat16(d)).putShort(Float.floatToFloat16(dMin));
      sixBits(scales, minima);
      if (type == GgmlType.Q5_K) {
        bits(quants, 4);
      }
      nibbles(quants, 32);
    }
  }

  /** 256 columns in sixteens, whose scales are signed and whose numbers lie about zero. */
  private void signedSuperBlock(int from, int limit, int steps) {
    float extreme = 0;
    for (int i = 0; i < 16; i++) {
      float scale = extreme(from + 16 * i, 16) / -limit;
      extreme = Math.abs(scale) > Math.abs(extreme) ? scale : extreme;
    }
    float d = half(extreme / -steps);
    int[] scales = new int[16];
    int[] quants = new int[SUPER_BLOCK];
    for (int i = 0; i < 16; i++) {
      float scale = extreme(from + 16 * i, 16) / -limit;
      scales[i] = Math.clamp(nearest(scale, d), -steps, steps - 1);
      for (int k = 0; k < 16; k++) {
        int q = nearest(weights[from + 16 * i + k], d * scales[i]);
        quants[16 * i + k] = limit + Math.clamp(q, -limit, limit - 1);
      }
    }
    if (type == GgmlType.Q3_K) {
      bits(quants, 2);
      crumbs(quants, 0);
      offsetSixBits(scales);
    } else {
      nibbles(quants, 64);
      crumbs(quants, 4);
      for (int scale : scales) {
        out.put((byte) scale);
      }
    }
    out.putShort(Float.floatToFloat16(d));
  }

  /** Low halves from the first {@code run} columns, high halves from the next. */
  private void nibbles(int[] quants, int run) {
    for (int from = 0; from < SUPER_BLOCK; from += 2 * run) {
      for (int k = 0; k < run; k++) {
        out.put((byte) ((quants[from + k] & 15) | ((quants[from + run + k] & 15) << 4)));
      }
    }
  }

  /** Two bits of each number: four runs of 32 columns to 32 bytes, twice. */
  private void crumbs(int[] quants, int shift) {
    for (int from = 0; from < SUPER_BLOCK; from += 128) {
      for (int k = 0; k < 32; k++) {
        int packed = 0;
        for (int run = 0; run < 4; run++) {
          packed |= ((quants[from + 32 * run + k] >> shift) & 3) << (2 * run);
        }
        out.put((byte) packed);
      }
    }
  }

  /** One bit of each number: eight runs of 32 columns to 32 bytes. */
  private void bits(int[] quants, int shift) {
    for (int k = 0; k < 32; k++) {
      int packed = 0;
      for (int run = 0; run < 8; run++) {
        packed |= ((quants[32 * run + k] >> shift) & 1) << run;
      }
      out.put((byte) packed);
    }
  }

  private void sixBits(int[] scales, int[] minima) {
    for (int i = 0; i < 4; i++) {
      out.put((byte) (scales[i] | ((scales[i + 4] >> 4) << 6)));
    }
    for (int i = 0; i < 4; i++) {
      out.put((byte) (minima[i] | ((minima[i + 4] >> 4) << 6)));
    }
    for (int i = 4; i < 8; i++) {
      out.put((byte) ((scales[i] & 15) | ((minima[i] & 15) << 4)));
    }
  }

  /** Sixteen scales of six bits, stored with 32 added. */
  private void offsetSixBits(int[] scales) {
    for (int i = 0; i < 8; i++) {
      out.put((byte) (((scales[i] + 32) & 15) | (((scales[i + 8] + 32) & 15) << 4)));
    }
    for (int i = 0; i < 4; i++) {
      int packed = 0;
      for (int run = 0; run < 4; run++) {
        packed |= ((scales[4 * run + i] + 32) >> 4) << (2 * run);
      }
      out.put((byte) packed);
    }
  }

  private static float half(float number) {
    return Float.float16ToFloat(Float.floatToFloat16(number));
  }

  private static int nearest(float weight, float scale) {
    return scale == 0 ? 0 : Math.round(weight / scale);
  }

  private float extreme(int from, int length) {
    float extreme = 0;
    for (int k = from; k < from + length; k++) {
      extreme = Math.abs(weights[k]) > Math.abs(extreme) ? weights[k] : extreme;
    }
    return extreme;
  }

  private float least(int from, int length) {
    float least = weights[from];
    for (int k = from; k < from + length; k++) {
      least = Math.min(least, weights[k]);
    }
    return least;
  }

  private float greatest(int from, int length) {
    float greatest = weights[from];
    for (int k = from; k < from + length; k++) {
      greatest = Math.max(greatest, weights[k]);
    }
    return greatest;
  }
}
