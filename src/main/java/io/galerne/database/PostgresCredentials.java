package io.galerne.database;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The embedded server's passwords, made at random once. Without them any local user could connect
 * over 127.0.0.1 as the superuser.
 */
record PostgresCredentials(String superuser, String owner, String runtime) {
  private static final String FILE = "postgres-credentials";
  private static final int PASSWORD_BYTES = 24;

  /** Reads the passwords, or makes them if there is no cluster yet that needs the old ones. */
  static PostgresCredentials load(DataDirectory data, boolean clusterExists) {
    List<String> stored =
        data.readSecret(FILE).map(text -> text.lines().toList()).orElse(List.of());
    if (stored.size() == 3) {
      return new PostgresCredentials(stored.get(0), stored.get(1), stored.get(2));
    }
    if (clusterExists) {
      throw new DatabaseSetupException(
          "The passwords of the embedded database are missing: " + data.file(FILE) + ".",
          "Put the file back from your backup; it belongs to the folder "
              + data.file(EmbeddedDatabase.CLUSTER)
              + " beside it.");
    }
    PostgresCredentials fresh = new PostgresCredentials(random(), random(), random());
    data.writeSecret(FILE, String.join("\n", fresh.superuser, fresh.owner, fresh.runtime));
    return fresh;
  }

  private static String random() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "PostgresCredentials[not shown]";
  }
}
