package io.galerne.metering;

/** The append-only record of what was used; one line for each request. */
public interface UsageLedger {
  /** Writes the line durably before it returns. Recording a request again changes nothing. */
  void record(UsageRecord usage);
}
