package io.galerne.bench;

import com.sun.management.ThreadMXBean;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.LoadListener;
import io.galerne.engine.MemoryEstimate;
import io.galerne.engine.WeightsInspection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an engine holds in memory, beside what {@link MemoryEstimate} promises, and what the threads
 * that compute allocate for each token of an answer.
 */
final class MemoryBenchmark {
  private static final int STREAMS = 32;
  private static final int CONTEXT = 512;
  private static final int DECODE = 128;
  private static final int LONG_DECODE = 256;
  private static final String ENGINE_THREADS = "galerne-";
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private MemoryBenchmark() {}

  static void run(Path weights, Path results) throws IOException {
    StringBuilder report = new StringBuilder();
    report.append("resident before: %d MiB%n".formatted(residentMiB()));
    EngineSettings settings = EngineSettings.of(weights).withDraftTokensMax(0);
    MemoryEstimate estimate = WeightsInspection.of(weights).memory();
    report.append("estimate: %s%n".formatted(estimate));
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      System.gc();
      report.append("resident with weights: %d MiB%n".formatted(residentMiB()));
      List<int[]> prompts =
          IntStream.range(0, STREAMS).mapToObj(seed -> Asking.randomTokens(seed, CONTEXT)).toList();
      Asking.run(engine, prompts, DECODE);
      report.append(
          "resident after %d streams of %d tokens: %d MiB%n"
              .formatted(STREAMS, CONTEXT + DECODE, residentMiB()));
      System.gc();
      report.append("the same, garbage collected: %d MiB%n".formatted(residentMiB()));
      for (int streams : new int[] {1, 8, STREAMS}) {
        report.append(allocated(engine, prompts.subList(0, streams)));
      }
    }
    Files.writeString(results.resolve("memory.txt"), report);
    System.out.print(report);
  }

  /** The difference of a long answer and a short one leaves out what an answer takes once. */
  private static String allocated(Engine engine, List<int[]> prompts) {
    Asking.run(engine, prompts, LONG_DECODE);
    long before = allocated();
    Asking.run(engine, prompts, DECODE);
    long between = allocated();
    Asking.run(engine, prompts, LONG_DECODE);
    long more = allocated() - between - (between - before);
    long tokens = (long) prompts.size() * (LONG_DECODE - DECODE);
    return "%d streams: %.1f bytes allocated for a token by the engine's threads%n"
        .formatted(prompts.size(), (double) more / tokens);
  }

  private static long allocated() {
    long[] ids =
        Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
            .filter(thread -> thread != null && thread.getThreadName().contains(ENGINE_THREADS))
            .mapToLong(java.lang.management.ThreadInfo::getThreadId)
            .toArray();
    return Arrays.stream(THREADS.getThreadAllocatedBytes(ids)).sum();
  }

  private static long residentMiB() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow()
          >> 10;
    }
  }
}
