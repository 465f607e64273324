package io.galerne.database;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** How to connect as one role; a bean may be only one of the two views, so they are separate. */
record RoleConnection(String url, @Nullable String username, @Nullable String password) {
  /** For the pool that the application works with. */
  JdbcConnectionDetails forPool() {
    return new JdbcConnectionDetails() {
      @Override
      public @Nullable String getUsername() {
        return username;
      }

      @Override
      public @Nullable String getPassword() {
        return password;
      }

      @Override
      public String getJdbcUrl() {
        return url;
      }
    };
  }

  /** For the migrations. */
  FlywayConnectionDetails forMigrations() {
    return new FlywayConnectionDetails() {
      @Override
      public @Nullable String getUsername() {
        return username;
      }

      @Override
      public @Nullable String getPassword() {
        return password;
      }

      @Override
      public String getJdbcUrl() {
        return url;
      }
    };
  }

  @Override
  public String toString() {
    return "RoleConnection[" + username + " at " + url + "]";
  }
}
