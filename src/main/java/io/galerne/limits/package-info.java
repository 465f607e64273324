/** Plans, rate limits and budgets: whether a request may run, and how far. */
@ApplicationModule(
    displayName = "Limits",
    allowedDependencies = {"audit", "database", "engine", "identity", "journal", "metering"})
@NullMarked
package io.galerne.limits;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
