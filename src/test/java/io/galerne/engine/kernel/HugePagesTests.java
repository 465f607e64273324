package io.galerne.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HugePagesTests {
  private static final Path SETTING = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
  private static final long BYTES = 16 * HugePages.PAGE + 100;

  @Test
  void isZeroedWritableAndGoneWithItsArena() {
    MemorySegment memory;
    try (Arena arena = Arena.ofShared()) {
      memory = HugePages.allocator(BYTES, arena).allocate(BYTES, 64);
      assertThat(memory.address() % HugePages.PAGE).isZero();
      for (long at = 0; at < BYTES; at += 4096) {
        assertThat(memory.get(ValueLayout.JAVA_BYTE, at)).isZero();
      }
      memory.fill((byte) 1);
      assertThat(memory.get(ValueLayout.JAVA_BYTE, BYTES - 1)).isEqualTo((byte) 1);
    }
    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void givesNoMoreThanWasAskedFor() {
    try (Arena arena = Arena.ofShared()) {
      SegmentAllocator allocator = HugePages.allocator(BYTES, arena);
      assertThat(allocator.allocate(BYTES, 64).byteSize()).isEqualTo(BYTES);
      assertThatThrownBy(() -> allocator.allocate(64, 64))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void littleMemoryIsOrdinary() {
    try (Arena arena = Arena.ofShared()) {
      assertThat(HugePages.allocator(HugePages.PAGE - 1, arena)).isSameAs(arena);
    }
  }

  @Test
  void linuxBacksItWithHugePages() throws IOException {
    assumeTrue(
        Files.exists(SETTING) && !Files.readString(SETTING).contains("[never]"),
        "this system has no transparent huge pages");
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = HugePages.allocator(BYTES, arena).allocate(BYTES, 64);
      memory.fill((byte) 1);
      assertThat(flagsAt(memory.address())).contains("hg");

      MemorySegment ordinary = arena.allocate(BYTES, 64);
      ordinary.fill((byte) 1);
      assertThat(flagsAt(ordinary.address() + BYTES / 2)).doesNotContain("hg");
    }
  }

  /** The flags that the kernel keeps of a mapping: "hg" is the advice to use huge pages. */
  private static List<String> flagsAt(long address) throws IOException {
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        String[] range = line.split("[- ]", 3);
        inside =
            Long.parseUnsignedLong(range[0], 16) <= address
                && address < Long.parseUnsignedLong(range[1], 16);
      } else if (inside && line.startsWith("VmFlags:")) {
        return List.of(line.split("\\s+"));
      }
    }
    throw new AssertionError("no mapping there");
  }
}
