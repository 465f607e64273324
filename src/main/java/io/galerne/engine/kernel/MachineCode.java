package io.galerne.engine.kernel;

import static io.galerne.engine.kernel.LibC.MAP_FAILED;
import static io.galerne.engine.kernel.LibC.MAP_PRIVATE_ANONYMOUS;
import static io.galerne.engine.kernel.LibC.PROT_EXEC;
import static io.galerne.engine.kernel.LibC.PROT_READ;
import static io.galerne.engine.kernel.LibC.PROT_WRITE;
import static io.galerne.engine.kernel.LibC.call;
import static io.galerne.engine.kernel.LibC.function;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Functions in memory of their own, which is written first and executable afterwards, never both.
 * It is kept until the process ends. See mmap(2), mprotect(2).
 */
final class MachineCode {
  private static final int ALIGNMENT = 64;

  private MachineCode() {}

  /** Where each function begins; empty where the system allows no such memory. */
  static Optional<List<MemorySegment>> load(List<byte[]> functions) {
    long size = 0;
    for (byte[] function : functions) {
      size += aligned(function.length);
    }
    MemorySegment mapped =
        (MemorySegment)
            call(
                function(
                    "mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
                MemorySegment.NULL,
                size,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE_ANONYMOUS,
                -1,
                0L);
    if (mapped.address() == MAP_FAILED) {
      return Optional.empty();
    }
    MemorySegment memory = mapped.reinterpret(size);
    List<MemorySegment> entries = new ArrayList<>();
    long offset = 0;
    for (byte[] function : functions) {
      MemorySegment.copy(function, 0, memory, JAVA_BYTE, offset, function.length);
      entries.add(memory.asSlice(offset, function.length));
      offset += aligned(function.length);
    }
    Object refused =
        call(
            function("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
            memory,
            size,
            PROT_READ | PROT_EXEC);
    if (!refused.equals(0)) {
      Object _ = call(function("munmap", JAVA_INT, ADDRESS, JAVA_LONG), memory, size);
      return Optional.empty();
    }
    return Optional.of(entries);
  }

  private static long aligned(int length) {
    return (length + ALIGNMENT - 1L) / ALIGNMENT * ALIGNMENT;
  }
}
