/**
 * Models on capacity of their own: what is wanted, kept in the database or in a file, and what each
 * replica does about it.
 */
@ApplicationModule(
    displayName = "Deployments",
    allowedDependencies = {
      "audit",
      "catalog",
      "database",
      "engine",
      "identity",
      "journal",
      "moderation",
      "outbound",
      "remote",
      "secrets",
      "serving"
    })
@NullMarked
package io.galerne.deployments;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
