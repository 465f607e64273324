/**
 * What operators watch: the engines' figures as meters, the names of OpenTelemetry's conventions,
 * and the port that shows them.
 */
@ApplicationModule(
    displayName = "Observability",
    allowedDependencies = {"engine", "identity", "journal", "outbound", "remote", "serving"})
@NullMarked
package io.galerne.observability;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
