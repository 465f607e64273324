package io.galerne.metering;

/** Something that belongs to a new line of the ledger, in the same transaction. */
public interface LedgerPosting {
  /**
   * Called in the line's transaction, of its tenant, once for each request.
   *
   * @param fresh false if the request has had its line before: nothing is spent again
   */
  void posted(UsageRecord usage, Cost cost, boolean fresh);
}
