/** Begins what takes long at the start of the process beside everything else. */
@ApplicationModule(
    displayName = "Head start",
    allowedDependencies = {})
@NullMarked
package io.galerne.headstart;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
