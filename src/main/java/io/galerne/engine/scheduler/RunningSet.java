package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sequences that have a seat, and who gives way to whom when blocks or seats run out: first the
 * lower class, then the key that is served beyond its part the most, then the latest to arrive.
 *
 * <p>One of them never gives way to its equals: the earliest of the highest class present. Whatever
 * memory it needs it gets at the others' expense, and its prompt is read on in every step. So it
 * comes to its end, and the next one takes its place: sequences may take blocks from one another,
 * but never so that none of them ends.
 */
final class RunningSet {
  private final Backlog backlog;
  private final List<Sequence> sequences = new ArrayList<>();

  RunningSet(Backlog backlog) {
    this.backlog = backlog;
  }

  int size() {
    return sequences.size();
  }

  Sequence get(int index) {
    return sequences.get(index);
  }

  void add(Sequence sequence) {
    sequence.state.running = true;
    sequences.add(sequence);
  }

  void remove(Sequence sequence) {
    sequence.state.running = false;
    sequences.remove(sequence);
  }

  /** The one that never gives way; null if nobody runs. */
  @Nullable Sequence leader() {
    Sequence leader = null;
    for (int i = 0; i < sequences.size(); i++) {
      Sequence candidate = sequences.get(i);
      if (leader == null || isElder(candidate, leader)) {
        leader = candidate;
      }
    }
    return leader;
  }

  /**
   * Who gives way, or null.
   *
   * @param rankAbove only sequences of a rank beyond this one
   */
  @Nullable Sequence victim(int rankAbove) {
    Sequence leader = leader();
    Sequence victim = null;
    for (int i = 0; i < sequences.size(); i++) {
      Sequence candidate = sequences.get(i);
      int rank = Backlog.rank(candidate);
      // the leader gives way to a higher class only
      boolean eligible = rank > rankAbove && (candidate != leader || rankAbove >= 0);
      if (eligible && (victim == null || givesWayBefore(candidate, victim))) {
        victim = candidate;
      }
    }
    return victim;
  }

  /** Whether somebody waits for one of the answers. */
  boolean hasInteractive() {
    for (int i = 0; i < sequences.size(); i++) {
      if (sequences.get(i).terms().priority() == Priority.INTERACTIVE) {
        return true;
      }
    }
    return false;
  }

  @Nullable Sequence longestUnserved(Priority priority) {
    Sequence longest = null;
    for (int i = 0; i < sequences.size(); i++) {
      Sequence candidate = sequences.get(i);
      boolean longer = longest == null || candidate.state.servedStep < longest.state.servedStep;
      if (candidate.terms().priority() == priority && longer) {
        longest = candidate;
      }
    }
    return longest;
  }

  private static boolean isElder(Sequence one, Sequence other) {
    int a = Backlog.rank(one);
    int b = Backlog.rank(other);
    return a != b ? a < b : one.state.arrival < other.state.arrival;
  }

  private boolean givesWayBefore(Sequence candidate, Sequence victim) {
    int a = Backlog.rank(candidate);
    int b = Backlog.rank(victim);
    if (a != b) {
      return a > b;
    }
    if (VirtualTokenCounter.accountOf(candidate) == VirtualTokenCounter.accountOf(victim)) {
      return candidate.state.arrival > victim.state.arrival;
    }
    return backlog.isBefore(victim, candidate);
  }
}
