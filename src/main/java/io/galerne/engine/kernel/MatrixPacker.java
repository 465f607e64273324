package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.PackedMatrix.BLOCK;
import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Repacks a file's tensor into a {@link PackedMatrix}. Block layouts of the quantised types are
 * those of the GGUF specification: a nibble block holds columns 0 to 15 in the low halves of its
 * bytes and columns 16 to 31 in the high halves.
 */
public final class MatrixPacker {
  /** A number as GGUF stores it. */
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_NIBBLES = 0x0F0F0F0F0F0F0F0FL;
  private static final long WORD = 4L * GROUP;

  private final GgufTensor source;
  private final PackedMatrix target;
  private final long sourceRowBytes;

  private MatrixPacker(GgufTensor source, PackedMatrix target) {
    this.source = source;
    this.target = target;
    GgmlType type = source.type();
    this.sourceRowBytes = (long) source.columns() / type.blockSize() * type.blockBytes();
  }

  /** Allocates the packed matrix; {@link #pack} fills it, group by group, from any thread. */
  public static MatrixPacker of(GgufTensor source, SegmentAllocator allocator) {
    WeightFormat format = WeightFormat.of(source.type());
    long bytes = PackedMatrix.bytes(format, source.rows(), source.columns());
    var target =
        new PackedMatrix(format, source.rows(), source.columns(), allocator.allocate(bytes, 64));
    return new MatrixPacker(source, target);
  }

  /** Bytes that a tensor takes once packed. */
  public static long packedBytes(GgufTensor tensor) {
    return PackedMatrix.bytes(WeightFormat.of(tensor.type()), tensor.rows(), tensor.columns());
  }

  public PackedMatrix matrix() {
    return target;
  }

  /** Packs the groups of rows in {@code [from, to)}. */
  public void pack(int from, int to) {
    for (int group = from; group < to; group++) {
      int rows = Math.min(GROUP, target.rows() - group * GROUP);
      for (int lane = 0; lane < rows; lane++) {
        long row = (group * (long) GROUP + lane) * sourceRowBytes;
        packRow(row, group * target.groupBytes() + 4L * lane);
      }
    }
  }

  private void packRow(long row, long lane) {
    int blockBytes = target.format().blockBytes();
    GgmlType type = source.type();
    long in = row;
    long out = lane;
    for (int block = 0; block < target.blocks(); block++, out += blockBytes) {
      switch (type) {
        case Q4_0 -> packNibbles(in + 2, out, half(in), -8 * half(in));
        case Q4_1 -> packNibbles(in + 4, out, half(in), half(in + 2));
        case Q8_0 -> packBytes(in, out);
        case F32, F16, BF16 -> packPlain(row, block, out);
      }
      in += type.blockBytes();
    }
  }

  private void packNibbles(long in, long out, float scale, float minimum) {
    MemorySegment packed = target.data();
    for (int half = 0; half < 2; half++) {
      long bytes = source.data().get(LONG, in + 8L * half);
      packed.set(INT, out + WORD * half, (int) Long.compress(bytes, LOW_NIBBLES));
      packed.set(INT, out + WORD * (half + 2), (int) Long.compress(bytes >>> 4, LOW_NIBBLES));
    }
    packed.set(INT, out + WORD * 4, Float.floatToRawIntBits(scale));
    packed.set(INT, out + WORD * 5, Float.floatToRawIntBits(minimum));
  }

  private void packBytes(long in, long out) {
    for (int word = 0; word < 8; word++) {
      target.data().set(INT, out + WORD * word, source.data().get(INT, in + 2 + 4L * word));
    }
    target.data().set(INT, out + WORD * 8, Float.floatToRawIntBits(half(in)));
  }

  private void packPlain(long row, int block, long out) {
    int columns = Math.min(BLOCK, target.columns() - block * BLOCK);
    for (int k = 0; k < columns; k++) {
      long column = (long) block * BLOCK + k;
      switch (source.type()) {
        case F32 ->
            target.data().set(INT, out + WORD * k, source.data().get(INT, row + 4 * column));
        case F16 -> {
          int bits = Float.floatToRawIntBits(half(row + 2 * column));
          target.data().set(INT, out + WORD * k, bits);
        }
        case BF16 -> {
          short bits = source.data().get(SHORT, row + 2 * column);
          target.data().set(SHORT, out + WORD * (k / 2) + 2L * (k % 2), bits);
        }
        case Q4_0, Q4_1, Q8_0 -> throw new IllegalStateException("not a plain type");
      }
    }
  }

  private float half(long offset) {
    return Float.float16ToFloat(source.data().get(SHORT, offset));
  }
}
