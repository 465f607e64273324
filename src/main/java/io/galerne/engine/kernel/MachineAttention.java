package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.AttentionCode.HEADS;
import static io.galerne.engine.kernel.AttentionCode.STEP;
import static io.galerne.engine.kernel.AttentionCode.VECTORS;
import static io.galerne.engine.kernel.PackedMatrix.GROUP;
import static java.lang.foreign.Linker.Option.critical;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Calls what {@link AttentionCode} wrote, a few blocks or a block at a time, so that what all
 * tokens read of them stays in the first cache. Every range of memory is checked here, since
 * machine code checks none.
 */
record MachineAttention(AttentionShape shape, Functions functions) implements AttentionPasses {
  private static final MethodHandle SCORES =
      function(
          ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle WEIGHTED_SUMS =
      function(
          ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG, JAVA_LONG);

  private static MethodHandle function(MemoryLayout... parameters) {
    return Linker.nativeLinker()
        .downcallHandle(FunctionDescriptor.ofVoid(parameters), critical(true));
  }

  /**
   * The code, once for a process.
   *
   * @param singles scores of 1 to 4 heads with a block
   * @param scores the same with four blocks
   * @param weightedSums for each number of heads of 1 to 4 vectors
   */
  record Functions(
      List<MemorySegment> singles, List<MemorySegment> scores, List<MemorySegment> weightedSums) {
    /** Empty where the system allows no memory to be executed. */
    static Optional<Functions> load() {
      List<byte[]> code = new ArrayList<>();
      for (int heads = 1; heads <= HEADS; heads++) {
        code.add(AttentionCode.scores(heads, 1));
      }
      for (int heads = 1; heads <= HEADS; heads++) {
        code.add(AttentionCode.scores(heads, VECTORS));
      }
      for (int heads = 1; heads <= HEADS; heads++) {
        for (int vectors = 1; vectors <= VECTORS; vectors++) {
          code.add(AttentionCode.weightedSums(heads, vectors));
        }
      }
      return MachineCode.load(code)
          .map(
              all ->
                  new Functions(
                      all.subList(0, HEADS),
                      all.subList(HEADS, 2 * HEADS),
                      all.subList(2 * HEADS, all.size())));
    }
  }

  /** Whether its code is for heads of this size: whole vectors. */
  static boolean isFor(int headSize) {
    return headSize % GROUP == 0;
  }

  @Override
  public void scores(float[] query, short[][] keys) {
    for (int q = 0; q < shape.queries(); q++) {
      Objects.checkFromIndexSize(shape.head(q), shape.headSize(), query.length);
    }
    Objects.checkFromIndexSize(0, shape.queries() * shape.padded(), shape.scores().length);
    int blocks = shape.blocks();
    int whole = blocks - blocks % VECTORS;
    for (int block = 0; block < whole; block += VECTORS) {
      scores(
          functions.scores,
          query,
          block(keys, block),
          block(keys, block + 1),
          block(keys, block + 2),
          block(keys, block + 3),
          block);
    }
    for (int block = whole; block < blocks; block++) {
      short[] single = block(keys, block);
      scores(functions.singles, query, single, single, single, single, block);
    }
  }

  private void scores(
      List<MemorySegment> code,
      float[] query,
      short[] block0,
      short[] block1,
      short[] block2,
      short[] block3,
      int block) {
    try {
      for (int q = 0; q < shape.queries(); q += together(q)) {
        SCORES.invokeExact(
            code.get(together(q) - 1),
            MemorySegment.ofArray(block0),
            MemorySegment.ofArray(block1),
            MemorySegment.ofArray(block2),
            MemorySegment.ofArray(block3),
            MemorySegment.ofArray(query),
            MemorySegment.ofArray(shape.scores()),
            blockOffset(),
            bytes(shape.head(q)),
            bytes(shape.headSize()),
            bytes(q * shape.padded() + block * GROUP),
            bytes(shape.padded()),
            (long) shape.headSize() / STEP);
      }
    } catch (Throwable e) {
      throw MachineProducts.unexpected(e);
    }
  }

  @Override
  public void weightedSums(short[][] values, float[] out) {
    for (int q = 0; q < shape.queries(); q++) {
      Objects.checkFromIndexSize(shape.head(q), shape.headSize(), out.length);
    }
    Objects.checkFromIndexSize(0, shape.queries() * shape.padded(), shape.scores().length);
    for (int block = 0; block < shape.blocks(); block++) {
      short[] memory = block(values, block);
      for (int q = 0; q < shape.queries(); q += together(q)) {
        addWeighted(memory, block, q, out);
      }
    }
  }

  /** The positions of a block that a token attends to, for heads that are computed together. */
  private void addWeighted(short[] values, int block, int q, float[] out) {
    int headSize = shape.headSize();
    int token = q / shape.heads();
    int from = Math.max(shape.from(token), block * GROUP);
    int to = Math.min(shape.to(token), block * GROUP + GROUP);
    if (from >= to) {
      return;
    }
    long row = Short.BYTES * (long) headSize;
    try {
      for (int d = 0; d < headSize; d += VECTORS * GROUP) {
        int vectors = Math.min(VECTORS, (headSize - d) / GROUP);
        WEIGHTED_SUMS.invokeExact(
            functions.weightedSums.get((together(q) - 1) * VECTORS + vectors - 1),
            MemorySegment.ofArray(values),
            MemorySegment.ofArray(shape.scores()),
            MemorySegment.ofArray(out),
            (long) (to - from),
            row,
            bytes(shape.padded()),
            blockOffset() + (from - block * GROUP) * row + Short.BYTES * (long) d,
            bytes(q * shape.padded() + from),
            bytes(shape.head(q) + d),
            bytes(headSize));
      }
    } catch (Throwable e) {
      throw MachineProducts.unexpected(e);
    }
  }

  /** Heads from a query on that are computed together: of one token. */
  private int together(int q) {
    return Math.min(HEADS, shape.heads() - q % shape.heads());
  }

  private short[] block(short[][] cache, int block) {
    short[] memory = cache[shape.blockTable()[shape.firstBlock() + block]];
    int size = shape.headSize() * GROUP;
    Objects.checkFromIndexSize(shape.kvHead() * size, size, memory.length);
    return memory;
  }

  private long blockOffset() {
    return (long) Short.BYTES * shape.kvHead() * shape.headSize() * GROUP;
  }

  private static long bytes(int floats) {
    return (long) Float.BYTES * floats;
  }
}
