package io.galerne.batch;

/** A line that a thread of this process works on. */
final class RunningLine {
  private final LineTable.Claimed claimed;
  private final Thread thread;

  // guarded by this
  private boolean cutOff;
  private boolean settling;

  RunningLine(LineTable.Claimed claimed, Thread thread) {
    this.claimed = claimed;
    this.thread = thread;
  }

  LineTable.Claimed claimed() {
    return claimed;
  }

  Thread thread() {
    return thread;
  }

  /** Ends the computing, unless it has ended: what is being stored must not be interrupted. */
  synchronized void cutOff() {
    if (!settling && !cutOff) {
      cutOff = true;
      thread.interrupt();
    }
  }

  /**
   * The line's own thread has its answer. From now on nobody interrupts it.
   *
   * @return whether the answer is wanted
   */
  synchronized boolean settle() {
    settling = true;
    boolean interrupted = Thread.interrupted();
    return !cutOff && !interrupted;
  }
}
