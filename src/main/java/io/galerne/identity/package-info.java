/**
 * Who calls and what they may do: tenants, workspaces, members and their roles, API keys, keys of
 * the Admin API.
 */
@ApplicationModule(
    displayName = "Identity",
    allowedDependencies = {"audit", "database"})
@NullMarked
package io.galerne.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
