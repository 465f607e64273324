package io.galerne.metering;

/** The append-only record of what was used; one line for each request. */
public interface UsageLedger {
  /**
   * Writes the line durably before it returns, or as part of the transaction that is running.
   * Recording a request again changes nothing.
   *
   * @throws UsageNotRecordedException if the database stayed out of reach; the line is logged
   */
  void record(UsageRecord usage);
}
