/**
 * Requests that are sent twice and done once: {@code Idempotency-Key} on every POST under {@code
 * /v1}.
 */
@ApplicationModule(
    displayName = "Idempotency",
    allowedDependencies = {"api", "database", "identity"})
@NullMarked
package io.galerne.idempotency;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
