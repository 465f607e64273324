/**
 * The pages under {@code /console}: what runs here, the engine's figures, and a playground. It
 * reads the catalogue and the engine's counters; its answers come through {@code /v1} like any
 * client's.
 */
@ApplicationModule(
    displayName = "Console",
    allowedDependencies = {"catalog", "database", "demo", "engine", "serving", "shell", "signin"})
@NullMarked
package io.galerne.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
