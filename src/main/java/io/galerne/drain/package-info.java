/**
 * How a replica leaves: readiness off first, a while in which whoever follows readiness learns of
 * it, then no more connections, then the end of what was begun.
 */
@ApplicationModule(
    displayName = "Drain",
    allowedDependencies = {})
@NullMarked
package io.galerne.drain;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
