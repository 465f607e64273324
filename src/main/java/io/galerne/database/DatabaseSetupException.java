package io.galerne.database;

/** The database cannot be used as it is; says what is wrong and what to do about it. */
final class DatabaseSetupException extends RuntimeException {
  private final String action;

  DatabaseSetupException(String problem, String action) {
    super(problem);
    this.action = action;
  }

  DatabaseSetupException(String problem, String action, Throwable cause) {
    super(problem, cause);
    this.action = action;
  }

  String action() {
    return action;
  }
}
