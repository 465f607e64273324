/** One way through for every request: resolve, admit, generate, settle. The API calls it. */
@ApplicationModule(
    displayName = "Serving",
    allowedDependencies = {
      "audit",
      "catalog",
      "embedding",
      "engine",
      "engine :: grammar",
      "engine :: kernel",
      "engine :: sampling",
      "engine :: scheduler",
      "engine :: template",
      "headstart",
      "identity",
      "journal",
      "launch",
      "limits",
      "metering"
    })
@NullMarked
package io.galerne.serving;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
