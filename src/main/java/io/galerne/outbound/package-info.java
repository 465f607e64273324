/**
 * HTTP to machines that a configuration names: every address is checked at the moment it is used.
 */
@ApplicationModule(
    displayName = "Outbound",
    allowedDependencies = {})
@NullMarked
package io.galerne.outbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
