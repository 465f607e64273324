package io.galerne.engine.scheduler;

/** Classes of service. A lower class uses what the higher ones leave; see {@link Backlog}. */
public enum Priority {
  /** Somebody waits for the answer. */
  INTERACTIVE,
  /** Nobody watches: it may be interrupted, and starts when there is room. */
  BATCH
}
