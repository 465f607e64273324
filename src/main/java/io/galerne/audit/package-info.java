/**
 * The trail of changes and of sensitive reads, one row each in the transaction of the change, and
 * the records of answers. Both are chains of hashes that signed checkpoints hold fast.
 */
@ApplicationModule(
    displayName = "Audit",
    allowedDependencies = {"database", "launch", "secrets"})
@NullMarked
package io.galerne.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
