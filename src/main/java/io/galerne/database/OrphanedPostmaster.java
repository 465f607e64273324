package io.galerne.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that outlives a killed JVM, known by the process id in its {@code postmaster.pid}.
 *
 * <p>After a reboot that id may belong to any program, or to nobody. PostgreSQL refuses to start if
 * it belongs to a program of the same user, so a file that names no server of this directory is
 * removed. Only call this while holding the {@link DirectoryLock}.
 */
final class OrphanedPostmaster {
  private static final Logger log = LoggerFactory.getLogger(OrphanedPostmaster.class);

  /**
   * A smart shutdown waits for clients, and those died with the JVM; a checkpoint takes longest.
   */
  private static final Duration SHUTDOWN_WAIT_MAX = Duration.ofSeconds(30);

  private OrphanedPostmaster() {}

  /** Stops the server that still runs on the cluster directory, if there is one. */
  static void stop(Path cluster) throws IOException {
    Path pidFile = cluster.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> process = readPid(pidFile).flatMap(ProcessHandle::of);
    if (process.isPresent() && isServerOf(process.get(), cluster)) {
      log.warn("stopping PostgreSQL {}, left behind by an earlier run", process.get().pid());
      end(process.get(), cluster);
    }
    Files.deleteIfExists(pidFile);
  }

  private static Optional<Long> readPid(Path pidFile) throws IOException {
    List<String> lines = Files.readAllLines(pidFile);
    try {
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of(Long.valueOf(lines.getFirst().strip()));
    } catch (NumberFormatException e) {
      return Optional.empty(); // torn by a power loss: it names nobody
    }
  }

  private static boolean isServerOf(ProcessHandle process, Path cluster) {
    boolean postgres =
        process
            .info()
            .command()
            .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
            .orElse(false);
    return postgres && worksIn(process, cluster);
  }

  /** The server's working directory is its cluster; where that can't be read, assume the worst. */
  private static boolean worksIn(ProcessHandle process, Path cluster) {
    Path workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
    try {
      return Files.isSameFile(workingDirectory, cluster);
    } catch (IOException e) {
      return process.isAlive();
    }
  }

  private static void end(ProcessHandle server, Path cluster) throws IOException {
    server.destroy();
    try {
      server.onExit().get(SHUTDOWN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new DatabaseSetupException(
          "PostgreSQL (process " + server.pid() + ") still runs on " + cluster + ".",
          "Stop it, for example with: kill -INT " + server.pid(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL shut down", e);
    }
  }
}
