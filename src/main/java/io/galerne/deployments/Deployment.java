package io.galerne.deployments;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A wanted deployment.
 *
 * @param tenantId whose it is, null for everybody's
 * @param revision goes up with each change
 * @param fromFile whether the configuration has it, where alone it can be changed
 */
public record Deployment(
    @Nullable UUID tenantId,
    UUID id,
    DeploymentSpec spec,
    int revision,
    boolean fromFile,
    Instant createdAt,
    Instant updatedAt) {

  /** What the engine of this revision is registered as. */
  String engineId() {
    return "deployment-" + id + "-" + revision;
  }
}
