package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.List;

/**
 * What one step computes: for each of its sequences, how many of the pending tokens; if all, the
 * step draws the next one. The scheduler fills the same object again for every step.
 */
public final class ScheduledStep {
  private final List<Sequence> sequences = new ArrayList<>();
  private int tokens;

  /** Sequences in the step. */
  public int size() {
    return sequences.size();
  }

  public Sequence sequence(int index) {
    return sequences.get(index);
  }

  /** How many of the sequence's pending tokens the step computes. */
  public int tokens(int index) {
    return sequences.get(index).state.planned;
  }

  /** Tokens of all sequences together. */
  public int tokens() {
    return tokens;
  }

  public boolean isEmpty() {
    return sequences.isEmpty();
  }

  void clear() {
    for (int i = 0; i < sequences.size(); i++) {
      sequences.get(i).state.unplan();
    }
    sequences.clear();
    tokens = 0;
  }

  void add(Sequence sequence, int count) {
    if (sequence.state.planned == 0) {
      sequences.add(sequence);
    }
    sequence.state.planned += count;
    tokens += count;
  }

  void remove(Sequence sequence) {
    sequences.remove(sequence);
    tokens -= sequence.state.planned;
    sequence.state.unplan();
  }
}
