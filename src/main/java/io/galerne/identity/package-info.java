/** Who calls: tenants, workspaces and API keys, and the check of a key. */
@ApplicationModule(displayName = "Identity", allowedDependencies = "database")
@NullMarked
package io.galerne.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
