package io.galerne.engine.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Everybody's turn over both classes of service, each with its own {@link VirtualTokenCounter}. An
 * interactive request comes before every batch request. So that a batch request never waits
 * forever, one of them is promoted when it has gone without service for long enough: it then comes
 * before all others until it ends, and only then may the next one be.
 */
final class Backlog {
  private final VirtualTokenCounter interactive;
  private final VirtualTokenCounter batch;
  private final int patienceSteps;
  private @Nullable Sequence promoted;
  private long arrivals;
  private int waiting;

  Backlog(VirtualTokenCounter interactive, VirtualTokenCounter batch, int patienceSteps) {
    this.interactive = interactive;
    this.batch = batch;
    this.patienceSteps = patienceSteps;
  }

  /** Requests that wait. */
  int waiting() {
    return waiting;
  }

  VirtualTokenCounter counter(Priority priority) {
    return switch (priority) {
      case INTERACTIVE -> interactive;
      case BATCH -> batch;
    };
  }

  void arrive(Sequence sequence, long step) {
    sequence.state.arrival = arrivals++;
    sequence.state.servedStep = step;
    counterOf(sequence).arrive(sequence);
    waiting++;
  }

  /** A request that ran has to wait again. */
  void returned(Sequence sequence) {
    counterOf(sequence).returned(sequence);
    waiting++;
  }

  /** A waiting request is served, or goes away. */
  void leave(Sequence sequence) {
    counterOf(sequence).leave(sequence);
    waiting--;
  }

  /** A request that no longer waits has ended. */
  void end(Sequence sequence) {
    counterOf(sequence).end(sequence);
    if (promoted == sequence) {
      promoted = null;
    }
  }

  void charge(Sequence sequence, double cost, int tokens) {
    counterOf(sequence).charge(sequence, cost, tokens);
  }

  /** The next request in turn, or null. */
  @Nullable Sequence head() {
    Sequence first = promoted;
    if (first != null && !first.state.running) {
      return first;
    }
    Sequence head = interactive.head();
    return head != null ? head : batch.head();
  }

  /** Whether somebody waits for an answer that has not begun. */
  boolean interactiveWaits() {
    return interactive.head() != null;
  }

  /** Whether one request's turn is before another's. */
  boolean isBefore(Sequence one, Sequence other) {
    int a = rank(one);
    int b = rank(other);
    return a != b ? a < b : counterOf(one).isBefore(one, other);
  }

  /** 0 comes first. */
  static int rank(Sequence sequence) {
    if (sequence.state.promoted) {
      return 0;
    }
    return switch (sequence.terms().priority()) {
      case INTERACTIVE -> 1;
      case BATCH -> 2;
    };
  }

  /** Promotes a batch request that went without service for too long, unless one is already. */
  void promote(RunningSet running, long step) {
    if (promoted != null) {
      return;
    }
    Sequence starved = running.longestUnserved(Priority.BATCH);
    if (starved == null || !isStarved(starved, step)) {
      starved = batch.head();
    }
    if (starved != null && isStarved(starved, step)) {
      starved.state.promoted = true;
      promoted = starved;
    }
  }

  private boolean isStarved(Sequence sequence, long step) {
    return step - sequence.state.servedStep > patienceSteps;
  }

  private VirtualTokenCounter counterOf(Sequence sequence) {
    return counter(sequence.terms().priority());
  }
}
