package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.BLOCK;

import java.lang.foreign.MemorySegment;

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
  private final MemorySegment valueMemory;
  private final MemorySegment halfSumMemory;
  private final MemorySegment sumMemory;
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
    this.valueMemory = MemorySegment.ofArray(values);
    this.halfSumMemory = MemorySegment.ofArray(halfSums);
    this.sumMemory = MemorySegment.ofArray(sums);
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
    set(token, source, offset, 0, size);
  }

  /**
   * The same for some columns alone. Let one thread set them for a whole tile.
   *
   * @param from first column, where a block begins
   * @param to end of the columns, where a block ends or the activation does
   */
  public void set(int token, float[] source, int offset, int from, int to) {
    int width = width();
    int base = token / width * width * paddedSize() + token % width;
    int sumBase = token / width * width * blocks() + token % width;
    int halfBase = token / width * width * 2 * blocks() + token % width;
    for (int block = from / BLOCK; block < PackedMatrix.ceilDivide(to, BLOCK); block++) {
      float low = interleave(source, offset, block * BLOCK, base);
      float high = interleave(source, offset, block * BLOCK + BLOCK / 2, base);
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
    if (from + BLOCK / 2 <= size) {
      for (int k = from; k < from + BLOCK / 2; k += 4) {
        int to = base + k * width;
        float x0 = source[offset + k];
        float x1 = source[offset + k + 1];
        float x2 = source[offset + k + 2];
        float x3 = source[offset + k + 3];
        s0 += x0;
        s1 += x1;
        s2 += x2;
        s3 += x3;
        values[to] = x0;
        values[to + width] = x1;
        values[to + 2 * width] = x2;
        values[to + 3 * width] = x3;
      }
      return (s0 + s1) + (s2 + s3);
    }
    for (int k = from; k < from + BLOCK / 2; k += 4) {
      s0 += place(source, offset, k, base);
      s1 += place(source, offset, k + 1, base);
      s2 += place(source, offset, k + 2, base);
      s3 += place(source, offset, k + 3, base);
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Zero stands where the activation has ended. */
  private float place(float[] source, int offset, int k, int base) {
    float value = k < size ? source[offset + k] : 0;
    values[base + k * width()] = value;
    return value;
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

  /** {@link #values} for machine code. */
  MemorySegment valueMemory() {
    return valueMemory;
  }

  /** {@link #sums} for machine code. */
  MemorySegment sumMemory(int columns) {
    return columns == BLOCK ? sumMemory : halfSumMemory;
  }

  /** Where the tile that begins with a token lies in {@link #values}. */
  int offset(int token) {
    return token * paddedSize();
  }

  /** Where the tile that begins with a token lies in {@link #sums}. */
  int sumOffset(int token, int columns) {
    return token * blocks(columns);
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
