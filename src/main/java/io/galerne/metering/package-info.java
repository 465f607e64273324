/** What was used and what it costs: the append-only usage ledger, its sums, and the prices. */
@ApplicationModule(
    displayName = "Metering",
    allowedDependencies = {"audit", "identity", "database"})
@NullMarked
package io.galerne.metering;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
