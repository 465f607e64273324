package io.galerne.deployments;

import java.time.Instant;
import java.util.UUID;

/**
 * What a replica does about a deployment.
 *
 * @param revision that it is about
 * @param reason why, fit for people; may be empty
 * @param percent how much is loaded
 */
public record DeploymentState(
    UUID replicaId, int revision, Phase phase, String reason, int percent, Instant at) {
  /** Where a deployment is in its life. */
  public enum Phase {
    /** It is known and waits for its turn. */
    PENDING,
    /** Its weights are being read, or its machines asked. */
    LOADING,
    /** It answers. */
    READY,
    /** It takes nothing more and ends what it has begun. */
    DRAINING,
    /** It is down, as wanted. */
    STOPPED,
    /** It could not be brought up. */
    FAILED
  }
}
