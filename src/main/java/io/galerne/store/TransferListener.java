package io.galerne.store;

/** Watches a file arrive. */
public interface TransferListener {
  /**
   * A step begins.
   *
   * @param step what is done, to be shown
   * @param done bytes that were there before
   * @param total bytes in all; -1 if nobody knows
   */
  void begin(String step, long done, long total);

  /** So many bytes more are done. */
  void advance(long bytes);

  /** The step that began last, if any, has ended, well or not. */
  void end();

  /** Something that the operator should know. */
  void note(String text);
}
