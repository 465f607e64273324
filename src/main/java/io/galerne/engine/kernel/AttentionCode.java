package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.Avx512Assembler.Register.R10;
import static io.galerne.engine.kernel.Avx512Assembler.Register.R11;
import static io.galerne.engine.kernel.Avx512Assembler.Register.R8;
import static io.galerne.engine.kernel.Avx512Assembler.Register.R9;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RAX;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RCX;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RDI;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RDX;
import static io.galerne.engine.kernel.Avx512Assembler.Register.RSI;

import io.galerne.engine.kernel.Avx512Assembler.Register;

/**
 * Writes the passes of attention that read the cache as machine code, by the formulas of {@link
 * ScalarKernels}. Half floats become floats as they are read, once for up to four heads of a token,
 * and sums stay in registers.
 */
final class AttentionCode {
  /** Heads of a token that are computed together at most. */
  static final int HEADS = 4;

  /** Vectors that are computed together at most: of blocks' positions, or of dimensions. */
  static final int VECTORS = 4;

  /** Dimensions between two jumps. */
  static final int STEP = 4;

  private static final Register[] BLOCKS = {RDI, RSI, RDX, RCX};
  private static final int WORD = 4 * PackedMatrix.GROUP;
  private static final int HALVES = 2 * PackedMatrix.GROUP;
  private static final int VECTOR = 16;
  private static final int SCALAR = 20;

  private final Avx512Assembler code = new Avx512Assembler();
  private final int heads;
  private final int vectors;

  private AttentionCode(int heads, int vectors) {
    this.heads = heads;
    this.vectors = vectors;
  }

  /**
   * Scores of so many heads with so many blocks: {@code void (block0, block1, block2, block3,
   * query, scores, offset in blocks, offset in query, from a head's query to the next's, offset in
   * scores, from a head's scores to the next's, steps)}, offsets in bytes.
   */
  static byte[] scores(int heads, int blocks) {
    AttentionCode attention = new AttentionCode(heads, blocks);
    attention.scores();
    return attention.code.bytes();
  }

  /**
   * Adds weighted values for so many heads and vectors of dimensions: {@code void (values, scores,
   * out, positions, bytes of a position's values, from a head's scores to the next's, offset in
   * values, offset in scores, offset in out, from a head's out to the next's)}, offsets in bytes.
   */
  static byte[] weightedSums(int heads, int vectors) {
    AttentionCode attention = new AttentionCode(heads, vectors);
    attention.weightedSums();
    return attention.code.bytes();
  }

  private void scores() {
    for (int vector = 0; vector < vectors; vector++) {
      code.addArgument(BLOCKS[vector], 0);
    }
    code.addArgument(R8, 1);
    loadStride(R10, R11, 2);
    code.addArgument(R9, 3);
    code.loadArgument(RAX, 5);
    for (int head = 0; head < heads; head++) {
      for (int vector = 0; vector < vectors; vector++) {
        code.zero(sum(head, vector));
      }
    }
    int step = code.position();
    for (int dimension = 0; dimension < STEP; dimension++) {
      for (int vector = 0; vector < vectors; vector++) {
        code.loadHalves(VECTOR + vector, BLOCKS[vector], dimension * HALVES);
      }
      multiplyAdd(R8, R10, R11, 4 * dimension);
    }
    for (int vector = 0; vector < vectors; vector++) {
      code.add(BLOCKS[vector], STEP * HALVES);
    }
    code.add(R8, 4 * STEP);
    code.loop(RAX, step);
    loadStride(R10, R11, 4);
    for (int head = 0; head < heads; head++) {
      for (int vector = 0; vector < vectors; vector++) {
        code.store(R9, index(head, R10, R11), scale(head), vector * WORD, sum(head, vector));
      }
    }
    code.end();
  }

  private void weightedSums() {
    code.addArgument(RDI, 0);
    code.addArgument(RSI, 1);
    code.addArgument(RDX, 2);
    loadStride(R10, RAX, 3);
    if (heads == HEADS) {
      code.move(R11, R9);
      code.add(R11, R9);
      code.add(R11, R9);
    }
    for (int head = 0; head < heads; head++) {
      for (int vector = 0; vector < vectors; vector++) {
        code.load(sum(head, vector), RDX, index(head, R10, RAX), scale(head), vector * WORD);
      }
    }
    int position = code.position();
    for (int vector = 0; vector < vectors; vector++) {
      code.loadHalves(VECTOR + vector, RDI, vector * HALVES);
    }
    multiplyAdd(RSI, R9, R11, 0);
    code.add(RDI, R8);
    code.add(RSI, 4);
    code.loop(RCX, position);
    for (int head = 0; head < heads; head++) {
      for (int vector = 0; vector < vectors; vector++) {
        code.store(RDX, index(head, R10, RAX), scale(head), vector * WORD, sum(head, vector));
      }
    }
    code.end();
  }

  /** Each head's number from memory times all vectors. */
  private void multiplyAdd(Register numbers, Register stride, Register triple, int displacement) {
    for (int head = 0; head < heads; head++) {
      code.broadcast(
          SCALAR + head, numbers, index(head, stride, triple), scale(head), displacement);
      for (int vector = 0; vector < vectors; vector++) {
        code.multiplyAdd(sum(head, vector), VECTOR + vector, SCALAR + head);
      }
    }
  }

  private static int sum(int head, int vector) {
    return VECTORS * head + vector;
  }

  private void loadStride(Register stride, Register triple, int argument) {
    code.loadArgument(stride, argument);
    if (heads == HEADS) {
      code.move(triple, stride);
      code.add(triple, stride);
      code.add(triple, stride);
    }
  }

  /** The register by which a head lies behind the first, {@link #scale} times. */
  private static Register index(int head, Register stride, Register triple) {
    return head == HEADS - 1 ? triple : stride;
  }

  private static int scale(int head) {
    return head == HEADS - 1 ? 1 : head;
  }
}
