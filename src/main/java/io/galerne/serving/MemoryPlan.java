package io.galerne.serving;

import com.sun.management.OperatingSystemMXBean;
import io.galerne.engine.MemoryEstimate;
import io.galerne.engine.WeightsException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Whether the engines of one process fit into it together: packed weights outside the heap, keys
 * and values in it. Better refused at the start, with the sum, than killed under load.
 *
 * @param machineBytes memory of the machine or the container
 * @param heapBytes most that the Java heap may grow to
 */
record MemoryPlan(long machineBytes, long heapBytes) {
  private static final long MIB = 1 << 20;
  private static final long KV_BYTES_MAX = 1024 * MIB;

  /**
   * What one engine takes.
   *
   * @param weightsBytes packed; 0 for a file that can't be loaded, which loading it reports
   */
  record Share(String weights, long weightsBytes, long kvBytes) {}

  static MemoryPlan ofThisMachine() {
    long machine =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : Long.MAX_VALUE;
    return new MemoryPlan(machine, Runtime.getRuntime().maxMemory());
  }

  /** A budget for each of so many engines that leaves half of the heap to everything else. */
  static long defaultKvBytes(int engines) {
    return Math.min(KV_BYTES_MAX, Runtime.getRuntime().maxMemory() / (2L * Math.max(2, engines)));
  }

  static Share share(String weights, Path file, long kvBytes) {
    try {
      return new Share(weights, MemoryEstimate.weightsBytes(file), kvBytes);
    } catch (WeightsException e) {
      return new Share(weights, 0, kvBytes);
    }
  }

  /**
   * @throws InvalidConfigurationPropertyValueException with the arithmetic, if it is too much
   */
  void require(List<Share> shares) {
    long kv = 0;
    long all = 0;
    StringJoiner sum = new StringJoiner(" + ");
    for (Share share : shares) {
      kv += share.kvBytes();
      all += share.kvBytes() + share.weightsBytes();
      sum.add(
          "%s (weights %d MiB, keys and values %d MiB)"
              .formatted(share.weights(), share.weightsBytes() / MIB, share.kvBytes() / MIB));
    }
    if (kv > heapBytes) {
      throw refuse(
          sum, "keys and values", kv, "the Java heap may grow to", heapBytes, "or raise -Xmx");
    }
    if (all > machineBytes) {
      throw refuse(
          sum, "all of it", all, "the machine has", machineBytes, "or serve smaller weights");
    }
  }

  private static InvalidConfigurationPropertyValueException refuse(
      StringJoiner sum, String what, long needed, String limit, long bytes, String way) {
    return new InvalidConfigurationPropertyValueException(
        "galerne.engine.kv-memory",
        null,
        "%s: %s takes %d MiB, but %s %d MiB. Lower kv-memory here or in galerne.catalog.weights, %s"
            .formatted(sum, what, needed / MIB, limit, bytes / MIB, way));
  }
}
