/**
 * What outlives a killed process and an absent database: who serves, what of each answer was
 * delivered, and lines of the ledger that wait to be written.
 */
@ApplicationModule(
    displayName = "Journal",
    allowedDependencies = {"database", "identity", "metering"})
@NullMarked
package io.galerne.journal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
