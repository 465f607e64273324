package io.galerne.embedding;

import java.util.concurrent.TimeUnit;

/** Whether somebody waits for the vectors of a request. */
public enum Urgency {
  /** First. */
  NOW(0),
  /**
   * After the others, but not for ever: a text that has waited for so long goes before those that
   * came later.
   */
  LATER(TimeUnit.SECONDS.toNanos(5));

  final long patienceNanos;

  Urgency(long patienceNanos) {
    this.patienceNanos = patienceNanos;
  }
}
