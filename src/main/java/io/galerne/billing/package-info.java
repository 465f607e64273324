/**
 * What is owed for use: invoices by month, corrections, exports, and the way of the ledger's lines
 * to another billing system.
 */
@ApplicationModule(
    displayName = "Billing",
    allowedDependencies = {"database", "metering"})
@NullMarked
package io.galerne.billing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
