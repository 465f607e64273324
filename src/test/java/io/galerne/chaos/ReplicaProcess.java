package io.galerne.chaos;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A replica that is killed and started again on one port and in one data directory. */
final class ReplicaProcess {
  private static final Duration START_MAX = Duration.ofMinutes(10);
  private static final String READY = "/actuator/health/readiness";

  private final String name;
  private final Path folder;
  private final Path data;
  private final Map<String, String> environment = new ConcurrentHashMap<>();
  private volatile List<String> command;
  private final int port;
  private @Nullable Process process;

  /**
   * @param command to which the port and the data directory are added
   */
  ReplicaProcess(String name, Path folder, List<String> command) throws IOException {
    this.name = name;
    this.folder = folder;
    this.data = Files.createDirectories(folder.resolve("data-" + name));
    this.command = command;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  Path data() {
    return data;
  }

  /** What it is started with from now on. */
  void becomes(List<String> otherCommand) {
    command = otherCommand;
  }

  /** More of its environment, from its next start on. */
  void getsEnvironment(String variable, String value) {
    environment.put(variable, value);
  }

  boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** What it wrote, in all its lives. */
  Path log() {
    return folder.resolve(name + ".log");
  }

  /** Doesn't wait; see {@link #awaitReady}. */
  void start() throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.add("--server.port=" + port);
    whole.add("--galerne.data-directory=" + data);
    File log = log().toFile();
    ProcessBuilder starting =
        new ProcessBuilder(whole)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    starting.environment().putAll(environment);
    process = starting.start();
  }

  /** For a command that ends by itself. */
  void runToItsEnd() throws IOException, InterruptedException {
    start();
    Process running = process;
    if (running == null || !running.waitFor(10, TimeUnit.MINUTES)) {
      throw new IOException(name + " doesn't end, see " + folder);
    }
  }

  void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    while (!isReady()) {
      Process running = process;
      if (running == null || !running.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("replica " + name + " doesn't start, see " + folder);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  boolean isReady() {
    try {
      return RawClient.get(port, READY, "").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** What of its memory is in the machine's. */
  long residentMebibytes() throws IOException {
    Process running = process;
    if (running == null) {
      throw new IOException(name + " doesn't run");
    }
    for (String line : Files.readAllLines(Path.of("/proc/" + running.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("the kernel doesn't say how much memory " + name + " has");
  }

  /** SIGTERM; the exit status once it has ended. */
  int terminate(Duration max) throws IOException, InterruptedException {
    Process running = process;
    if (running == null) {
      throw new IOException(name + " doesn't run");
    }
    running.destroy();
    if (!running.waitFor(max.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException(name + " doesn't end, see " + folder);
    }
    return running.exitValue();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
    }
  }
}
