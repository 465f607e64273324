/**
 * Secrets at rest: sealed under keys that the database never sees, bound to the row and column that
 * they are of.
 */
@ApplicationModule(
    displayName = "Secrets",
    allowedDependencies = {"database", "launch"})
@NullMarked
package io.galerne.secrets;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
