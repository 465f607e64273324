/**
 * The pages under {@code /operator}: what the platform's operators see and change. Who may open
 * them is a person's own right ({@link io.galerne.identity.PlatformOperators}); no role in an
 * organisation gives it. A page takes a {@code PlatformOperator} and no tenant's caller, so that
 * the two kinds of rights can't mix; everything it changes, and what it reads of a single tenant,
 * has its row in the platform's trail.
 */
@ApplicationModule(
    displayName = "Operations",
    allowedDependencies = {
      "audit",
      "catalog",
      "database",
      "engine",
      "engine :: scheduler",
      "identity",
      "journal",
      "limits",
      "metering",
      "moderation",
      "serving",
      "shell",
      "signin",
      "store"
    })
@NullMarked
package io.galerne.operations;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
