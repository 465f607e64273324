package io.galerne.engine.kernel;

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
 * Calls what {@link ProductCode} wrote. Every range of memory is checked here, since machine code
 * checks none. A call takes microseconds, during which the collector waits for this thread.
 *
 * @param functions for one token of a single row of activations, then for one to eight tokens of a
 *     tile
 */
record MachineProducts(WeightFormat format, List<MemorySegment> functions)
    implements InnerProducts {
  private static final int ROWS = 4;
  private static final MethodHandle SINGLE =
      function(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG,
          JAVA_LONG);
  private static final MethodHandle TILE =
      function(
          JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG);

  /** Rows of up to so many bytes end before the processor has seen that they are read in order. */
  private static final long SHORT_ROW = 16 << 10;

  /** What is asked for ahead in longer ones. */
  private static final long AHEAD_IN_ROW = 4096;

  /** Row vectors ahead in short ones: what this thread works on after the next one's share. */
  private static final long ROWS_AHEAD = 8;

  private static MethodHandle function(MemoryLayout... parameters) {
    return Linker.nativeLinker()
        .downcallHandle(FunctionDescriptor.ofVoid(parameters), critical(true));
  }

  /** Empty where the system allows no memory to be executed. */
  static Optional<MachineProducts> load(WeightFormat format) {
    List<byte[]> code = new ArrayList<>();
    code.add(ProductCode.single(format));
    for (int tokens = 1; tokens <= Activations.TILE; tokens++) {
      code.add(ProductCode.tile(format, tokens));
    }
    return MachineCode.load(code).map(functions -> new MachineProducts(format, functions));
  }

  @Override
  public void single(
      MemorySegment data,
      long row0,
      long row1,
      long row2,
      long row3,
      int blocks,
      Activations x,
      float[] out) {
    int columns = format.columns();
    checkRange(x.valueMemory(), 0, blocks * columns);
    checkRange(x.sumMemory(columns), 0, blocks);
    Objects.checkFromIndexSize(0, ROWS * PackedMatrix.GROUP, out.length);
    long bytes = (long) blocks * format.blockBytes();
    try {
      SINGLE.invokeExact(
          functions.getFirst(),
          address(data, row0, bytes),
          address(data, row1, bytes),
          address(data, row2, bytes),
          address(data, row3, bytes),
          x.valueMemory(),
          x.sumMemory(columns),
          MemorySegment.ofArray(out),
          (long) blocks,
          ahead(bytes));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void tile(
      MemorySegment data,
      long row0,
      long row1,
      int blocks,
      Activations x,
      int token,
      float[] scratch) {
    int columns = format.columns();
    int tokens = Math.min(Activations.TILE, x.tokens() - token);
    int offset = x.offset(token);
    int sumOffset = x.sumOffset(token, columns);
    checkRange(x.valueMemory(), offset, blocks * columns * Activations.TILE);
    checkRange(x.sumMemory(columns), sumOffset, blocks * Activations.TILE);
    Objects.checkFromIndexSize(0, 2 * Activations.TILE * PackedMatrix.GROUP, scratch.length);
    long bytes = (long) blocks * format.blockBytes();
    try {
      TILE.invokeExact(
          functions.get(tokens),
          address(data, row0, bytes),
          address(data, row1, bytes),
          x.valueMemory(),
          x.sumMemory(columns),
          MemorySegment.ofArray(scratch),
          (long) blocks,
          token == 0 ? ahead(bytes) : 0,
          (long) Float.BYTES * offset,
          (long) Float.BYTES * sumOffset);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static long ahead(long rowBytes) {
    return rowBytes > SHORT_ROW ? AHEAD_IN_ROW : ROWS_AHEAD * rowBytes;
  }

  /**
   * The weights' memory outlives the engine's threads. As a segment it would be held during each
   * call by a counter that all threads share, which costs a twentieth.
   */
  private static long address(MemorySegment data, long offset, long bytes) {
    Objects.checkFromIndexSize(offset, bytes, data.byteSize());
    return data.address() + offset;
  }

  private static void checkRange(MemorySegment floats, int offset, int count) {
    long size = floats.byteSize() / Float.BYTES;
    Objects.checkFromIndexSize((long) offset, (long) count, size);
  }

  /** What a call of machine code threw, which is declared to throw anything. */
  static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException exception -> exception;
      case Error error -> throw error;
      default -> new IllegalStateException("a call of machine code threw", e);
    };
  }
}
