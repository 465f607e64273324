package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.LibC.MAP_FAILED;
import static io.galerne.engine.kernel.LibC.MAP_PRIVATE_ANONYMOUS;
import static io.galerne.engine.kernel.LibC.PROT_READ;
import static io.galerne.engine.kernel.LibC.PROT_WRITE;
import static io.galerne.engine.kernel.LibC.call;
import static io.galerne.engine.kernel.LibC.function;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Zeroed memory in one piece that Linux is asked to back with pages of 2 MiB. A step reads all
 * weights from one end to the other; in pages of 4 KiB the processor's prefetching stops at each
 * border and misses in the translation of addresses cost a tenth of a single stream's speed. What
 * the system does not grant stays ordinary memory. See mmap(2), madvise(2).
 */
public final class HugePages {
  static final long PAGE = 2L << 20;

  private static final int MADV_HUGEPAGE = 14;

  private HugePages() {}

  /**
   * An allocator for as long as the arena lives.
   *
   * @param bytes that all allocations take together, with the gaps that their alignment makes
   */
  public static SegmentAllocator allocator(long bytes, Arena arena) {
    if (bytes < PAGE || !System.getProperty("os.name").equals("Linux")) {
      return arena;
    }
    return map(bytes, arena)
        .<SegmentAllocator>map(SegmentAllocator::slicingAllocator)
        .orElse(arena);
  }

  /** Empty where the system refuses, so that the caller's own allocation says why. */
  private static Optional<MemorySegment> map(long bytes, Arena arena) {
    // The first whole page of the mapping may begin almost a page after it.
    long reserved = Math.addExact(bytes, 2 * PAGE);
    MemorySegment mapped =
        (MemorySegment)
            call(
                function(
                    "mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
                MemorySegment.NULL,
                reserved,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE_ANONYMOUS,
                -1,
                0L);
    if (mapped.address() == MAP_FAILED) {
      return Optional.empty();
    }
    MethodHandle unmap = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    MemorySegment all =
        mapped.reinterpret(reserved, arena, memory -> call(unmap, memory, reserved));
    MemorySegment aligned = all.asSlice(-all.address() & (PAGE - 1), bytes);
    // A refusal costs speed and nothing else.
    Object _ =
        call(
            function("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
            aligned,
            (bytes + PAGE - 1) / PAGE * PAGE,
            MADV_HUGEPAGE);
    return Optional.of(aligned);
  }
}
