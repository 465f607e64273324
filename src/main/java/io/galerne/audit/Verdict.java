package io.galerne.audit;

/** What looking a chain through has found. */
public sealed interface Verdict {
  /**
   * Nothing is wrong.
   *
   * @param rows how many rows were looked at
   * @param lastSeq the last row that is proven
   * @param publicKey whose signature proves it
   */
  record Intact(long rows, long lastSeq, String publicKey) implements Verdict {}

  /** Something was changed, removed, moved or cut off; the first thing that does not fit. */
  record Broken(String where, String reason) implements Verdict {}
}
