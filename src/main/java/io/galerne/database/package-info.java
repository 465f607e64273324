/** PostgreSQL: the embedded server, the two roles, and the tenant of each transaction. */
@ApplicationModule(displayName = "Database", allowedDependencies = "headstart")
@NullMarked
package io.galerne.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
