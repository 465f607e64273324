/**
 * Weights that an operator has added: the folder they lie in, how they get there whole or not at
 * all, and what was last known of their digests. The catalogue reads it; the command line changes
 * it.
 */
@ApplicationModule(displayName = "Model store", allowedDependencies = "engine")
@NullMarked
package io.galerne.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
