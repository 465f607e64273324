package io.galerne.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server in a process of its own, stopped when it is closed. */
record ServerProcess(Process process, int port) implements AutoCloseable {

  /**
   * The jar as it is packaged, in a data directory.
   *
   * @param results where the build leaves what it measures, in the folder with the jar
   */
  static ServerProcess galerne(Path results, Path data, String... settings) throws IOException {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("-jar");
    command.add(jar(results).toString());
    command.add("--server.port=" + port);
    command.add("--galerne.data-directory=" + data);
    command.addAll(List.of(settings));
    return start(command, port, results.resolve("server.log"));
  }

  static ServerProcess start(List<String> command, int port, Path log) throws IOException {
    return new ServerProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        port);
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  static Path jar(Path results) throws IOException {
    try (Stream<Path> built = Files.list(results.toAbsolutePath().getParent())) {
      return built.filter(ServerProcess::isProgram).findFirst().orElseThrow();
    }
  }

  private static boolean isProgram(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("galerne-") && name.endsWith(".jar");
  }

  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
