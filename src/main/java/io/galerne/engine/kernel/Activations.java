package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.BLOCK;

/**
 * The right-hand side of a matrix product: the activations of a batch, interleaved so that a kernel
 * reads them in order. Columns of the product are tokens; they come in tiles of {@link #width()},
 * which is 1 for a single token and {@value #TILE} otherwise; the last tile is padded.
 */
public final class Activations {
  /** Tokens in a tile. */
  public static final int TILE = 8;

  private final float[] values;
  private final float[] halfSums;
  private final float[] sums;
  private int tokens;
  private int size;

  /**
   * @param tokensMax most tokens in a batch
   * @param sizeMax most elements in a token's activation
   */
  public Activations(int tokensMax, int sizeMax) {
    int tokensPadded = PackedMatrix.ceilDivide(tokensMax, TILE) * TILE;
    int blocks = PackedMatrix.ceilDivide(sizeMax, BLOCK);
    this.values = new float[Math.multiplyExact(tokensPadded, blocks * BLOCK)];
    this.halfSums = new float[Math.multiplyExact(tokensPadded, 2 * blocks)];
    this.sums = new float[Math.multiplyExact(tokensPadded, blocks)];
  }

  /** Starts a batch of {@code tokens} activations of {@code size} elements. */
  public void shape(int tokens, int size) {
    this.tokens = tokens;
    this.size = size;
  }

  /**
   * Interleaves one token's activation and adds up its blocks. Tokens of one tile share cache
   * lines: let one thread set a whole tile.
   *
   * @param source {@code [size]} from {@code offset} on
   */
  public void set(int token, float[] source, int offset) {
    int width = width();
    int base = token / width * width * paddedSize() + token % width;
    int sumBase = token / width * width * blocks() + token % width;
    int halfBase = token / width * width * 2 * blocks() + token % width;
    for (int block = 0; block < blocks(); block++) {
      int from = block * BLOCK;
      float low = interleave(source, offset, from, base);
      float high = interleave(source, offset, from + BLOCK / 2, base);
      halfSums[halfBase + 2 * block * width] = low;
      halfSums[halfBase + (2 * block + 1) * width] = high;
      sums[sumBase + block * width] = low + high;
    }
  }

  /** Places half a block and returns its sum. */
  private float interleave(float[] source, int offset, int from, int base) {
    int width = width();
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int k = from; k < from + BLOCK / 2; k += 4) {
      float x0 = k < size ? source[offset + k] : 0;
      float x1 = k + 1 < size ? source[offset + k + 1] : 0;
      float x2 = k + 2 < size ? source[offset + k + 2] : 0;
      float x3 = k + 3 < size ? source[offset + k + 3] : 0;
      s0 += x0;
      s1 += x1;
      s2 += x2;
      s3 += x3;
      values[base + k * width] = x0;
      values[base + (k + 1) * width] = x1;
      values[base + (k + 2) * width] = x2;
      values[base + (k + 3) * width] = x3;
    }
    return (s0 + s1) + (s2 + s3);
  }

  public int tokens() {
    return tokens;
  }

  /** Tokens that one kernel call works on together. */
  public int width() {
    return tokens == 1 ? 1 : TILE;
  }

  public int tiles() {
    return PackedMatrix.ceilDivide(tokens, width());
  }

  /** {@code [tile][paddedSize][width]}. */
  float[] values() {
    return values;
  }

  /**
   * Sums over each block: {@code [tile][blocks][width]}.
   *
   * @param columns of a block: 32 or 16
   */
  float[] sums(int columns) {
    return columns == BLOCK ? sums : halfSums;
  }

  int paddedSize() {
    return blocks() * BLOCK;
  }

  /** Blocks of so many columns, padding included. */
  int blocks(int columns) {
    return paddedSize() / columns;
  }

  private int blocks() {
    return PackedMatrix.ceilDivide(size, BLOCK);
  }
}
