package io.galerne.adminapi;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A server of models from PyPI, with the Python that {@code -Dgalerne.python} names. */
final class PythonServer implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(3);

  private final Process process;
  private final Path log;
  private final int port;

  private PythonServer(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Skips the test where a package is missing. */
  static void require(String... packages) throws Exception {
    String python = System.getProperty("galerne.python", "");
    assumeTrue(!python.isEmpty(), "-Dgalerne.python names no Python");
    Process tried =
        new ProcessBuilder(python, "-c", "import " + String.join(",", packages))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assumeTrue(tried.waitFor() == 0, python + " lacks one of " + List.of(packages));
  }

  /** Starts it with its port as the last argument, and waits until it lists its models. */
  static PythonServer start(String... arguments) throws IOException {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("galerne.python"));
    command.addAll(List.of(arguments));
    command.add(String.valueOf(port));
    Path log = Files.createTempFile(Path.of("target"), "python-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("RAY_USAGE_STATS_ENABLED", "0");
    PythonServer server = new PythonServer(builder.start(), log, port);
    try {
      Awaitility.await().atMost(START_MAX).pollInterval(Duration.ofMillis(500)).until(server::up);
    } catch (RuntimeException | Error e) {
      server.close();
      throw new IllegalStateException(Files.readString(log), e);
    }
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private boolean up() {
    try {
      var connection = (HttpURLConnection) URI.create(url() + "/models").toURL().openConnection();
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  String url() {
    return "http://127.0.0.1:" + port + "/v1";
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** As a machine that loses its power. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close(); // some end by themselves then
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
