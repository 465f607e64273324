package io.galerne.database;

import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;

/**
 * Looks whether others have migrated. A schema that is newer than this build is accepted: during an
 * upgrade the previous build still runs.
 */
final class ExpectedSchema {
  private static final int TOLD_MAX = 3;

  private ExpectedSchema() {}

  /**
   * Changes nothing.
   *
   * @throws DatabaseSetupException if a migration of this build is missing, failed or was changed
   */
  static void require(Flyway flyway) {
    ValidateResult result = flyway.validateWithResult();
    if (!result.validationSuccessful) {
      String reasons =
          result.invalidMigrations.stream()
              .limit(TOLD_MAX)
              .map(ExpectedSchema::reason)
              .collect(Collectors.joining("; "));
      throw new DatabaseSetupException(
          "The database's schema is not what this build needs: "
              + (reasons.isEmpty() ? result.errorDetails.errorMessage : reasons),
          "Run `java -jar galerne.jar migrate` of this build first, as the user who owns the"
              + " tables; or let the start migrate: "
              + SchemaProperties.MIGRATIONS
              + "=apply.");
    }
  }

  private static String reason(ValidateOutput migration) {
    return migration.version + " (" + migration.description + "): " + firstLine(migration);
  }

  private static String firstLine(ValidateOutput migration) {
    return migration.errorDetails.errorMessage.lines().findFirst().orElse("invalid");
  }
}
