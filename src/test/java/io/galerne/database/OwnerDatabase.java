package io.galerne.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What somebody can do who has the database itself: a superuser, whom no policy binds. */
public final class OwnerDatabase {
  private OwnerDatabase() {}

  static Connection connect(TestDatabase.Database database) throws SQLException {
    TestDatabase.Server server = TestDatabase.server();
    return DriverManager.getConnection(database.url(), server.superuser(), server.password());
  }

  public static void execute(TestDatabase.Database database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Whole tables as text, as in a dump. */
  public static String dump(TestDatabase.Database database, String... tables) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String table : tables) {
        try (ResultSet rows =
            statement.executeQuery("select t::text, to_jsonb(t)::text from " + table + " t")) {
          while (rows.next()) {
            text.append(rows.getString(1)).append(rows.getString(2)).append('\n');
          }
        }
      }
    }
    return text.toString();
  }
}
