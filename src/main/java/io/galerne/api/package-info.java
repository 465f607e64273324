/**
 * The wire contract of {@code /v1}: controllers, records and error envelopes. It reads and writes
 * JSON and server-sent events, and leaves everything else to serving.
 */
@ApplicationModule(
    displayName = "API",
    allowedDependencies = {
      "batch",
      "catalog",
      "embedding",
      "engine",
      "engine :: grammar",
      "engine :: sampling",
      "engine :: template",
      "files",
      "identity",
      "metering",
      "limits",
      "moderation",
      "serving"
    })
@NullMarked
package io.galerne.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
