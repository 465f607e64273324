/**
 * The pages under {@code /console}: what a tenant's people see and change of their organisation.
 * Everything goes through the services behind the Admin API, with the same permissions; each number
 * comes from the ledger, the engine or the database.
 */
@ApplicationModule(
    displayName = "Console",
    allowedDependencies = {
      "audit",
      "billing",
      "catalog",
      "database",
      "deployments",
      "engine",
      "identity",
      "limits",
      "metering",
      "moderation",
      "remote",
      "replay",
      "serving",
      "shell",
      "signin"
    })
@NullMarked
package io.galerne.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
