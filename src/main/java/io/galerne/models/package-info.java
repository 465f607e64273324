/**
 * {@code galerne models}: the operator's command line for weights. It reads the same configuration
 * as the server, but starts no context, no database and no engine.
 */
@ApplicationModule(
    displayName = "Models",
    allowedDependencies = {"catalog", "engine", "launch", "store"})
@NullMarked
package io.galerne.models;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
