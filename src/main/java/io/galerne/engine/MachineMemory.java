package io.galerne.engine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What memory there is for weights. */
final class MachineMemory {
  private static final System.Logger LOG = System.getLogger(MachineMemory.class.getName());
  private static final Path LINUX = Path.of("/proc/meminfo");

  private MachineMemory() {}

  /** Bytes that the machine, or the container's limit, has for a process. */
  static long availableBytes() {
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Math.min(machine.getTotalMemorySize(), linuxAvailable().orElse(Long.MAX_VALUE));
  }

  /** Linux's own estimate, which counts files that it can drop from memory. */
  private static OptionalLong linuxAvailable() {
    try {
      return Files.readAllLines(LINUX).stream()
          .filter(line -> line.startsWith("MemAvailable:") && line.endsWith(" kB"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (NoSuchFileException _) {
      return OptionalLong.empty();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot tell what memory is available", e);
      return OptionalLong.empty();
    }
  }
}
