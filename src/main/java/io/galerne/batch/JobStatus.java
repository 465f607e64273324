package io.galerne.batch;

/** How far a job is, in the contract's words. */
public enum JobStatus {
  QUEUED,
  RUNNING,
  /** Every line was tried, and at least one succeeded. */
  SUCCESS,
  /** Every line was tried, and none succeeded. */
  FAILED,
  TIMEOUT_EXCEEDED,
  CANCELLATION_REQUESTED,
  CANCELLED
}
