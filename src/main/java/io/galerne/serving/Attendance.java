package io.galerne.serving;

import java.io.IOException;

/** Whether somebody still waits for an answer that is handed over when it is whole. */
@FunctionalInterface
public interface Attendance {
  /** For an answer that is wanted whoever has left. */
  Attendance ASSUMED = () -> {};

  /** An exception means that nobody waits any more. */
  void check() throws IOException;
}
