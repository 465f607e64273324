package io.galerne.limits;

/**
 * Decides whether a request may run, and reserves what it may use. Rates, monthly tokens and caps
 * of the organisation, the workspace and the key are decided together: a request that one of them
 * denies has taken nothing of the others.
 */
public interface AdmissionControl {
  /** Everything runs, without limits. */
  AdmissionControl OPEN = _ -> new Decision.Admitted(Reservation.unlimited());

  Decision admit(Demand demand);
}
