/** What was used: the append-only usage ledger. */
@ApplicationModule(
    displayName = "Metering",
    allowedDependencies = {"identity", "database"})
@NullMarked
package io.galerne.metering;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
