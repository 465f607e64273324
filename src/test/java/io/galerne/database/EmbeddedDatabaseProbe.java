package io.galerne.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** A Galerne that only has its database, for {@link EmbeddedDatabaseIntegrationTests} to kill. */
final class EmbeddedDatabaseProbe {
  private EmbeddedDatabaseProbe() {}

  public static void main(String[] args) throws Exception {
    EmbeddedDatabase database = EmbeddedDatabase.start(new DataDirectory(Path.of(args[0])));
    try (Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl(), EmbeddedDatabase.OWNER, database.credentials().owner());
        Statement statement = connection.createStatement()) {
      statement.execute("create table kept (line int)");
      statement.execute("insert into kept select generate_series(1, 1000)");
      System.out.println("committed");
      System.in.read(); // until killed
    }
  }
}
