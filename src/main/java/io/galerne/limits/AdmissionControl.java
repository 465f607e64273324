package io.galerne.limits;

import io.galerne.identity.Caller;
import java.util.Optional;

/**
 * Decides whether a request may run, and reserves what it may use. Rates, monthly tokens and caps
 * of the organisation, the workspace and the key are decided together: a request that one of them
 * denies has taken nothing of the others.
 */
public interface AdmissionControl {
  /** Everything runs, without limits. */
  AdmissionControl OPEN = _ -> new Decision.Admitted(Reservation.unlimited());

  Decision admit(Demand demand);

  /**
   * What is known of a caller without asking anybody.
   *
   * @param waitingShare the tenant's part of the places to wait; empty for the engine's own rule
   */
  record Standing(Optional<Double> waitingShare) {}

  /** Empty for callers that nothing was read of yet. */
  default Optional<Standing> remembered(Caller caller) {
    return Optional.empty();
  }
}
