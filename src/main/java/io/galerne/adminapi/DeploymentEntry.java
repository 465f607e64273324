package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.deployments.Deployment;
import io.galerne.deployments.DeploymentService;
import io.galerne.deployments.DeploymentSpec;
import io.galerne.deployments.DeploymentState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A deployment on the wire.
 *
 * @param source {@code api}, or {@code file} for what only the configuration changes
 * @param shared whether everybody has it
 */
record DeploymentEntry(
    UUID id,
    String object,
    DeploymentSpec spec,
    int revision,
    String source,
    boolean shared,
    List<State> replicas,
    @JsonProperty("created_at") Instant createdAt,
    @JsonProperty("updated_at") Instant updatedAt) {

  /** What one replica does about it. */
  record State(
      @JsonProperty("replica_id") UUID replicaId,
      int revision,
      String phase,
      String reason,
      int percent,
      Instant at) {
    static State of(DeploymentState state) {
      return new State(
          state.replicaId(),
          state.revision(),
          state.phase().name().toLowerCase(Locale.ROOT),
          state.reason(),
          state.percent(),
          state.at());
    }
  }

  static DeploymentEntry of(DeploymentService.Seen seen) {
    Deployment deployment = seen.deployment();
    return new DeploymentEntry(
        deployment.id(),
        "deployment",
        deployment.spec(),
        deployment.revision(),
        deployment.fromFile() ? "file" : "api",
        deployment.tenantId() == null,
        seen.states().stream().map(State::of).toList(),
        deployment.createdAt(),
        deployment.updatedAt());
  }
}
