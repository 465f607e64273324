package io.galerne.chaos;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A server of the machine's own PostgreSQL, whose tools for backups come with it. */
final class InstalledPostgres implements AutoCloseable {
  private static final Path ROOT = Path.of("/usr/lib/postgresql");

  static final String OWNER = "galerne_owner";
  static final String RUNTIME = "galerne";

  private final Path programs;
  private final Path data;
  private final Path log;
  private final int port;

  private InstalledPostgres(Path programs, Path data, int port) {
    this.programs = programs;
    this.data = data;
    this.log = data.resolveSibling(data.getFileName() + ".log");
    this.port = port;
  }

  /** Where the newest version's programs are; skips the test where there are none. */
  static Path programsOrSkip() throws IOException {
    if (Files.isDirectory(ROOT)) {
      try (Stream<Path> versions = Files.list(ROOT)) {
        return versions
            .filter(version -> Files.isExecutable(version.resolve("bin/pg_restore")))
            .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
            .max(Comparator.comparingInt(InstalledPostgres::version))
            .map(version -> version.resolve("bin"))
            .orElseGet(() -> abort("PostgreSQL's server and tools are not installed"));
      }
    }
    return abort("PostgreSQL is not installed");
  }

  private static int version(Path folder) {
    return Integer.parseInt(ROOT.relativize(folder).toString());
  }

  /** A new one, with the roles that the page on installing makes and an empty database. */
  static InstalledPostgres start(Path programs, Path folder, String name)
      throws IOException, SQLException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    InstalledPostgres server = new InstalledPostgres(programs, folder.resolve(name), port);
    server.program("initdb", "-D", server.data.toString(), "-A", "trust", "-U", "postgres");
    server.program(
        "pg_ctl",
        "-D",
        server.data.toString(),
        "-l",
        server.log.toString(),
        "-w",
        "-o",
        "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=''".formatted(port),
        "start");
    try (Connection connection = server.superuser("postgres");
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "create role galerne_owner login password 'pw'",
              "create role galerne login password 'pw'",
              "create role galerne_app nologin",
              "grant galerne_app to galerne_owner with admin option",
              "grant galerne_app to galerne",
              "create database galerne owner galerne_owner")) {
        statement.execute(sql);
      }
    }
    return server;
  }

  /** Like the library for embedded servers: PostgreSQL refuses to run as root. */
  private void program(String name, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      line.addAll(List.of("unshare", "-U"));
    }
    line.add(programs.resolve(name).toString());
    line.addAll(List.of(arguments));
    Path output = data.resolveSibling(name + ".out");
    int status =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException(line + ": " + Files.readString(output));
    }
  }

  Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "");
  }

  /** For PostgreSQL's tools, as a superuser. */
  String connection() {
    return "postgresql://postgres@127.0.0.1:" + port + "/galerne";
  }

  /** For a replica. */
  List<String> settings() {
    return List.of(
        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + port + "/galerne",
        "--spring.datasource.username=" + RUNTIME,
        "--spring.datasource.password=pw",
        "--spring.flyway.user=" + OWNER,
        "--spring.flyway.password=pw");
  }

  @Override
  public void close() throws IOException {
    try {
      program("pg_ctl", "-D", data.toString(), "-m", "immediate", "stop");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it stops", e);
    }
  }
}
