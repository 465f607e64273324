/**
 * Moderation: what may go into a model and come out of it. Policies are versioned data of tenants
 * under the operator's floor; the guard of a stream lets nothing through that was not judged.
 */
@ApplicationModule(
    displayName = "Moderation",
    allowedDependencies = {
      "audit",
      "catalog",
      "database",
      "embedding",
      "engine",
      "engine :: template",
      "identity",
      "serving"
    })
@NullMarked
package io.galerne.moderation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
