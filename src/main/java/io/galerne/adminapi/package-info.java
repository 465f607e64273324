/**
 * {@code /v1/admin}: organisations, workspaces, people, keys and limits, for scripts and consoles.
 * Each operation names the permission that it needs; one that names none can't be called.
 */
@ApplicationModule(
    displayName = "Admin API",
    allowedDependencies = {
      "api",
      "audit",
      "billing",
      "catalog",
      "deployments",
      "engine",
      "engine :: scheduler",
      "identity",
      "limits",
      "metering",
      "moderation",
      "remote",
      "replay",
      "serving"
    })
@NullMarked
package io.galerne.adminapi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
