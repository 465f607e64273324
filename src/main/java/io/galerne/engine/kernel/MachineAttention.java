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
  public void scores(AttentionUnit unit, HalfBlocks keys) {
    for (int q = 0; q < unit.count(); q++) {
      Objects.checkFromIndexSize(unit.head(q), unit.headSize(), unit.queries().length);
    }
    Objects.checkFromIndexSize(0, unit.count() * unit.padded(), unit.scores().length);
    int blocks = unit.blocks();
    int whole = blocks - blocks % VECTORS;
    for (int block = 0; block < whole; block += VECTORS) {
      scores(
          unit,
          scores,
          block(unit, keys, block),
          block(unit, keys, block + 1),
          block(unit, keys, block + 2),
          block(unit, keys, block + 3),
          block);
    }
    for (int block = whole; block < blocks; block++) {
      MemorySegment single = block(unit, keys, block);
      scores(unit, singles, single, single, single, single, block);
    }
  }

  private static void scores(
      AttentionUnit unit,
      List<MemorySegment> code,
      MemorySegment block0,
      MemorySegment block1,
      MemorySegment block2,
      MemorySegment block3,
      int block) {
    try {
      for (int q = 0; q < unit.count(); q += together(unit, q)) {
        SCORES.invokeExact(
            code.get(together(unit, q) - 1),
            block0,
            block1,
            block2,
            block3,
            unit.queryView(),
            unit.scoreView(),
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
  public void weightedSums(AttentionUnit unit, HalfBlocks values) {
    for (int q = 0; q < unit.count(); q++) {
      Objects.checkFromIndexSize(unit.head(q), unit.headSize(), unit.results().length);
    }
    Objects.checkFromIndexSize(0, unit.count() * unit.padded(), unit.scores().length);
    for (int block = 0; block < unit.blocks(); block++) {
      MemorySegment memory = block(unit, values, block);
      for (int q = 0; q < unit.count(); q += together(unit, q)) {
        addWeighted(unit, memory, block, q);
      }
    }
  }

  /** The positions of a block that a token attends to, for heads that are computed together. */
  private void addWeighted(AttentionUnit unit, MemorySegment values, int block, int q) {
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
            values,
            unit.scoreView(),
            unit.resultView(),
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

  private static MemorySegment block(AttentionUnit unit, HalfBlocks cache, int block) {
    MemorySegment memory = cache.view(unit.block(block));
    long size = (long) unit.headSize() * GROUP * Short.BYTES;
    Objects.checkFromIndexSize(unit.kvHead() * size, size, memory.byteSize());
    return memory;
  }

  private static long blockOffset(AttentionUnit unit) {
    return (long) Short.BYTES * unit.kvHead() * unit.headSize() * GROUP;
  }

  private static long bytes(int floats) {
    return (long) Float.BYTES * floats;
  }
}
