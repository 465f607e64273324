/** The trail of changes and of sensitive reads: one row each, in the transaction of the change. */
@ApplicationModule(displayName = "Audit", allowedDependencies = "database")
@NullMarked
package io.galerne.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
