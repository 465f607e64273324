package io.galerne.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The embedded server that a Galerne runs on a data directory at this moment. */
final class RunningPostmaster {
  /** Lines of {@code postmaster.pid}, as PostgreSQL documents them in miscadmin.h. */
  private static final int PID_LINE = 0;

  private static final int PORT_LINE = 3;

  private RunningPostmaster() {}

  /** How to connect to it as the runtime role; empty if there is none. */
  static Optional<RoleConnection> of(DataDirectory data) {
    Path file = data.file(EmbeddedDatabase.CLUSTER).resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() <= PORT_LINE || !isAlive(lines.get(PID_LINE).strip())) {
        return Optional.empty();
      }
      int port = Integer.parseInt(lines.get(PORT_LINE).strip());
      return Optional.of(
          new RoleConnection(
              "jdbc:postgresql://127.0.0.1:" + port + "/" + EmbeddedDatabase.DATABASE,
              EmbeddedDatabase.RUNTIME,
              PostgresCredentials.load(data, true).runtime()));
    } catch (NumberFormatException e) {
      return Optional.empty(); // torn by a power loss: it names nobody
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static boolean isAlive(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isPresent();
  }
}
