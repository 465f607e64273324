/**
 * Computes recorded answers again: in the server for its administrators, and as {@code galerne
 * replay} for whoever has the weights and a record, without server and database.
 */
@ApplicationModule(
    displayName = "Replay",
    allowedDependencies = {
      "audit",
      "catalog",
      "embedding",
      "engine",
      "engine :: sampling",
      "engine :: scheduler",
      "engine :: template",
      "launch",
      "models",
      "serving"
    })
@NullMarked
package io.galerne.replay;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
