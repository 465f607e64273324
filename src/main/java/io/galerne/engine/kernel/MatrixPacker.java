package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Repacks a file's tensor into a {@link PackedMatrix}, and holds every number to be finite. */
public final class MatrixPacker {
  /** A number as GGUF stores it. */
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes, by which a packed matrix is aligned: a line of the cache. */
  public static final long ALIGNMENT = 64;

  private static final long LOW_NIBBLES = 0x0F0F0F0F0F0F0F0FL;
  private static final long WORD = 4L * GROUP;

  /** What a thread reads at once, if a group of rows is no larger. */
  private static final long STAGED_BYTES = 1 << 20;

  private final GgufTensor source;
  private final PackedMatrix target;
  private final int firstRow;
  private final long sourceRowBytes;

  /**
   * @param firstRow the source's first row in the file's tensor, for errors
   */
  private MatrixPacker(GgufTensor source, PackedMatrix target, int firstRow) {
    this.source = source;
    this.target = target;
    this.firstRow = firstRow;
    GgmlType type = source.type();
    this.sourceRowBytes = (long) source.columns() / type.blockSize() * type.blockBytes();
  }

  /** Allocates the packed matrix; {@link #pack} fills it, group by group, from any thread. */
  public static MatrixPacker of(GgufTensor source, SegmentAllocator allocator) {
    WeightFormat format = WeightFormat.of(source.type());
    long bytes = PackedMatrix.bytes(format, source.rows(), source.columns());
    var target =
        new PackedMatrix(
            format, source.rows(), source.columns(), allocator.allocate(bytes, ALIGNMENT));
    return new MatrixPacker(source, target, 0);
  }

  /** Bytes that a tensor takes once packed. */
  public static long packedBytes(GgufTensor tensor) {
    return PackedMatrix.bytes(WeightFormat.of(tensor.type()), tensor.rows(), tensor.columns());
  }

  public PackedMatrix matrix() {
    return target;
  }

  /**
   * Packs the groups of rows in {@code [from, to)}, a piece of the source in memory at a time.
   *
   * @throws GgufException if the source's file can't be read any more, or naming the tensor where a
   *     weight or a scale is not a finite number
   */
  public void pack(int from, int to) {
    int groupsAtOnce = Math.clamp(STAGED_BYTES / (sourceRowBytes * GROUP), 1, GROUP);
    for (int group = from; group < to; group += groupsAtOnce) {
      int end = Math.min(group + groupsAtOnce, to);
      try (Arena arena = Arena.ofConfined()) {
        staged(group, end, arena).packGroups();
      }
    }
  }

  /** The packer of some groups alone, whose source is in memory. */
  private MatrixPacker staged(int from, int to, SegmentAllocator allocator) {
    int first = from * GROUP;
    int rows = Math.min(to * GROUP, target.rows()) - first;
    MemorySegment data =
        source.bytes().read(first * sourceRowBytes, rows * sourceRowBytes, allocator);
    List<Long> shape = List.of((long) source.columns(), (long) rows);
    MemorySegment packed =
        target.data().asSlice(from * target.groupBytes(), (to - from) * target.groupBytes());
    return new MatrixPacker(
        new GgufTensor(source.name(), source.type(), shape, data),
        new PackedMatrix(target.format(), rows, target.columns(), packed),
        first);
  }

  private void packGroups() {
    for (int group = 0; group < target.groups(); group++) {
      int rows = Math.min(GROUP, target.rows() - group * GROUP);
      for (int lane = 0; lane < rows; lane++) {
        int row = group * GROUP + lane;
        packRow(row, group * target.groupBytes(), lane);
      }
    }
  }

  private void packRow(int row, long group, int lane) {
    GgmlType type = source.type();
    switch (type) {
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 ->
          packBlocks(new SimpleBlockReader(type, source.data()), row, group, lane);
      case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          packBlocks(new SuperBlockReader(type, source.data()), row, group, lane);
      case F32, F16, BF16 -> packPlain(row, group + 4L * lane);
    }
  }

  private void packBlocks(BlockReader reader, int row, long group, int lane) {
    WeightFormat format = target.format();
    int runs = source.type().blockSize() / format.columns();
    long in = row * sourceRowBytes;
    long out = group;
    for (int block = 0; block < target.blocks(); block++, out += format.blockBytes()) {
      int run = block % runs;
      packDigits(reader, in, run * format.columns(), out + 4L * lane);
      packParameter(out + format.scaleOffset(), lane, finite(reader.scale(in, run), row));
      if (format.hasMinimum()) {
        packParameter(out + format.shiftOffset(), lane, finite(reader.minimum(in, run), row));
      }
      if (run == runs - 1) {
        in += source.type().blockBytes();
      }
    }
  }

  private void packParameter(long offset, int lane, float parameter) {
    switch (target.format().parameters()) {
      case HALF -> target.data().set(SHORT, offset + 2L * lane, Float.floatToFloat16(parameter));
      case FULL -> target.data().set(FLOAT, offset + 4L * lane, parameter);
    }
  }

  private void packDigits(BlockReader reader, long in, int from, long lane) {
    long out = lane;
    for (int k = from; k < from + target.format().columns(); k += 8) {
      long digits = reader.digits(in, k);
      switch (target.format().digits()) {
        case NIBBLES -> {
          target.data().set(INT, out, (int) Long.compress(digits, LOW_NIBBLES));
          out += WORD;
        }
        case BYTES -> {
          target.data().set(INT, out, Integer.reverseBytes((int) digits));
          target.data().set(INT, out + WORD, Integer.reverseBytes((int) (digits >>> 32)));
          out += 2 * WORD;
        }
        case BFLOATS, FLOATS -> throw new IllegalStateException("not a quantised format");
      }
    }
  }

  private void packPlain(int row, long lane) {
    long in = row * sourceRowBytes;
    WeightFormat format = target.format();
    for (int column = 0; column < target.columns(); column++) {
      long out = lane + (long) (column / format.columns()) * format.blockBytes();
      int k = column % format.columns();
      if (format == WeightFormat.BFLOATS) {
        short bits = source.data().get(SHORT, in + 2L * column);
        finite(Float.intBitsToFloat(bits << 16), row);
        target.data().set(SHORT, out + WORD * (k / 2) + 2L * (k % 2), bits);
      } else {
        float weight =
            source.type() == GgmlType.F16
                ? Float.float16ToFloat(source.data().get(SHORT, in + 2L * column))
                : source.data().get(FLOAT, in + 4L * column);
        target.data().set(FLOAT, out + WORD * k, finite(weight, row));
      }
    }
  }

  private float finite(float number, int row) {
    if (!Float.isFinite(number)) {
      throw new GgufException(
          "tensor " + source.name(),
          "row " + (firstRow + row) + " has a weight or a scale that is not a finite number");
    }
    return number;
  }
}
