package io.galerne.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Objects;

/**
 * The bytes of a tensor, in a file or in memory. Those of a file are read, never mapped: a mapped
 * file that somebody shortens takes the process down with it, or worse, lets it go on with zeros.
 */
public sealed interface TensorBytes {
  /** Bytes that lie in memory already. */
  static TensorBytes of(MemorySegment bytes) {
    return new InMemory(bytes);
  }

  long byteSize();

  /** A part, read no sooner than it is asked for. */
  TensorBytes asSlice(long offset, long size);

  /**
   * A part as it is now.
   *
   * @throws GgufException if the file cannot be read any more, or not that far
   * @throws IllegalStateException if the file is closed
   */
  MemorySegment read(long offset, long size, SegmentAllocator allocator);

  /** Bytes in memory; reading them copies nothing. */
  record InMemory(MemorySegment bytes) implements TensorBytes {
    @Override
    public long byteSize() {
      return bytes.byteSize();
    }

    @Override
    public TensorBytes asSlice(long offset, long size) {
      return new InMemory(bytes.asSlice(offset, size));
    }

    @Override
    public MemorySegment read(long offset, long size, SegmentAllocator allocator) {
      boolean whole = offset == 0 && size == bytes.byteSize();
      return whole ? bytes : bytes.asSlice(offset, size);
    }
  }

  /** Bytes {@code [start, start + byteSize)} of a file. */
  record InFile(GgufSource file, long start, long byteSize) implements TensorBytes {
    @Override
    public TensorBytes asSlice(long offset, long size) {
      Objects.checkFromIndexSize(offset, size, byteSize);
      return new InFile(file, start + offset, size);
    }

    @Override
    public MemorySegment read(long offset, long size, SegmentAllocator allocator) {
      Objects.checkFromIndexSize(offset, size, byteSize);
      MemorySegment bytes = allocator.allocate(size, 64);
      file.read(start + offset, bytes);
      return bytes;
    }
  }
}
