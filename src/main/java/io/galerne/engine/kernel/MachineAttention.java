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
 *
 * @param singles scores of 1 to 4 heads with a block
 * @param scores the same with four blocks
 * @param weightedSums for each number of heads of 1 to 4 vectors
 */
record MachineAttention(
    List<MemorySegment> singles, List<MemorySegment> scores, List<MemorySegment> weightedSums)
    implements AttentionPasses {
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

  /** Empty where the system allows no memory to be executed. */
  static Optional<MachineAttention> load() {
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
                new MachineAttention(
                    all.subList(0, HEADS),
                    all.subList(HEADS, 2 * HEADS),
                    all.subList(2 * HEADS, all.size())));
  }

  /** Whether its code is for heads of this size: whole vectors. */
  static boolean isFor(int headSize) {
    return headSize % GROUP == 0;
  }

  @Override
  public void scores(AttentionUnit unit, float[] query, short[][] keys) {
    for (int q = 0; q < unit.queries(); q++) {
      Objects.checkFromIndexSize(unit.head(q), unit.headSize(), query.length);
    }
    Objects.checkFromIndexSize(0, unit.queries() * unit.padded(), unit.scores().length);
    int blocks = unit.blocks();
    int whole = blocks - blocks % VECTORS;
    for (int block = 0; block < whole; block += VECTORS) {
      scores(
          unit,
          scores,
          query,
          block(unit, keys, block),
          block(unit, keys, block + 1),
          block(unit, keys, block + 2),
          block(unit, keys, block + 3),
          block);
    }
    for (int block = whole; block < blocks; block++) {
      short[] single = block(unit, keys, block);
      scores(unit, singles, query, single, single, single, single, block);
    }
  }

  private static void scores(
      AttentionUnit unit,
      List<MemorySegment> code,
      float[] query,
      short[] block0,
      short[] block1,
      short[] block2,
      short[] block3,
      int block) {
    try {
      for (int q = 0; q < unit.queries(); q += together(unit, q)) {
        SCORES.invokeExact(
            code.get(together(unit, q) - 1),
            MemorySegment.ofArray(block0),
            MemorySegment.ofArray(block1),
            MemorySegment.ofArray(block2),
            MemorySegment.ofArray(block3),
            MemorySegment.ofArray(query),
            MemorySegment.ofArray(unit.scores()),
            blockOffset(unit),
            bytes(unit.head(q)),
            bytes(unit.headSize()),
            bytes(q * unit.padded() + block * GROUP),
            bytes(unit.padded()),
            (long) unit.headSize() / STEP);
      }
    } catch (Throwable e) {
      throw MachineProducts.unexpected(e);
    }
  }

  @Override
  public void weightedSums(AttentionUnit unit, short[][] values, float[] out) {
    for (int q = 0; q < unit.queries(); q++) {
      Objects.checkFromIndexSize(unit.head(q), unit.headSize(), out.length);
    }
    Objects.checkFromIndexSize(0, unit.queries() * unit.padded(), unit.scores().length);
    for (int block = 0; block < unit.blocks(); block++) {
      short[] memory = block(unit, values, block);
      for (int q = 0; q < unit.queries(); q += together(unit, q)) {
        addWeighted(unit, memory, block, q, out);
      }
    }
  }

  /** The positions of a block that a token attends to, for heads that are computed together. */
  private void addWeighted(AttentionUnit unit, short[] values, int block, int q, float[] out) {
    int headSize = unit.headSize();
    int token = q / unit.heads();
    int from = Math.max(unit.from(token), block * GROUP);
    int to = Math.min(unit.to(token), block * GROUP + GROUP);
    if (from >= to) {
      return;
    }
    long row = Short.BYTES * (long) headSize;
    try {
      for (int d = 0; d < headSize; d += VECTORS * GROUP) {
        int vectors = Math.min(VECTORS, (headSize - d) / GROUP);
        WEIGHTED_SUMS.invokeExact(
            weightedSums.get((together(unit, q) - 1) * VECTORS + vectors - 1),
            MemorySegment.ofArray(values),
            MemorySegment.ofArray(unit.scores()),
            MemorySegment.ofArray(out),
            (long) (to - from),
            row,
            bytes(unit.padded()),
            blockOffset(unit) + (from - block * GROUP) * row + Short.BYTES * (long) d,
            bytes(q * unit.padded() + from),
            bytes(unit.head(q) + d),
            bytes(headSize));
      }
    } catch (Throwable e) {
      throw MachineProducts.unexpected(e);
    }
  }

  /** Heads from a query on that are computed together: of one token. */
  private static int together(AttentionUnit unit, int q) {
    return Math.min(HEADS, unit.heads() - q % unit.heads());
  }

  private static short[] block(AttentionUnit unit, short[][] cache, int block) {
    short[] memory = cache[unit.block(block)];
    int size = unit.headSize() * GROUP;
    Objects.checkFromIndexSize(unit.kvHead() * size, size, memory.length);
    return memory;
  }

  private static long blockOffset(AttentionUnit unit) {
    return (long) Short.BYTES * unit.kvHead() * unit.headSize() * GROUP;
  }

  private static long bytes(int floats) {
    return (long) Float.BYTES * floats;
  }
}
