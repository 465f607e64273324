package io.galerne.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of our own program beside this one, with a log that is told only if it fails. */
final class ChildJvm implements AutoCloseable {
  private static final long END_SECONDS_MAX = 180;
  private static final int TOLD_LINES_MAX = 12;

  private final Process process;
  private final Path log;

  private ChildJvm(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** It doesn't get what the environment says of the server: it is another one. */
  static ChildJvm start(List<String> command) throws IOException {
    Path log = Files.createTempFile("galerne-prepare", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                name.startsWith("SPRING_")
                    || name.startsWith("GALERNE_")
                    || name.startsWith("SERVER_")
                    || name.startsWith("MANAGEMENT_")
                    || name.startsWith("LOGGING_"));
    return new ChildJvm(builder.start(), log);
  }

  /** To its end, which must be a good one. */
  static void run(List<String> command) throws IOException, InterruptedException {
    try (ChildJvm child = start(command)) {
      child.awaitEnd(0);
    }
  }

  boolean endsWithin(Duration time) throws InterruptedException {
    return process.waitFor(time);
  }

  /** SIGTERM. */
  void stop() {
    process.destroy();
  }

  /**
   * Waits for its end.
   *
   * @param exitCode a good end
   */
  void awaitEnd(int exitCode) throws IOException, InterruptedException {
    if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw failed("doesn't end");
    }
    if (process.exitValue() != exitCode) {
      throw failed("ended with " + process.exitValue());
    }
  }

  /** A reason, with the last it said. */
  IOException failed(String reason) throws IOException {
    List<String> lines = Files.readAllLines(log);
    List<String> last = lines.subList(Math.max(0, lines.size() - TOLD_LINES_MAX), lines.size());
    return new IOException("the program %s:%n  %s".formatted(reason, String.join("\n  ", last)));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(log);
  }
}
