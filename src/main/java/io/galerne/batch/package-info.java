/**
 * Batch jobs: requests that nobody waits for, each a row, computed at low priority by whichever
 * process has room, and settled in the transaction that stores the answer.
 */
@ApplicationModule(
    displayName = "Batch",
    allowedDependencies = {"catalog", "database", "files", "identity", "metering"})
@NullMarked
package io.galerne.batch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
