package io.galerne.engine.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Continuous batching (Yu et al., 2022) with chunked prefill (Agrawal et al., 2023): every step
 * takes one token of each sequence that decodes, then as much of the prompts as the step's budget
 * leaves, in order of arrival. When blocks run out, the sequence that came last gives its own back
 * and waits to be computed again; its tokens stay, so its answer is the same.
 *
 * <p>Not thread-safe: it belongs to the engine's thread.
 */
public final class Scheduler {
  private final SchedulerLimits limits;
  private final BlockManager blocks;

  /** In order of arrival. */
  private final List<Sequence> running = new ArrayList<>();

  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private long preemptions;

  public Scheduler(SchedulerLimits limits, BlockManager blocks) {
    this.limits = limits;
    this.blocks = blocks;
  }

  public void add(Sequence sequence) {
    waiting.addLast(sequence);
  }

  /** Forgets a sequence and frees its blocks, wherever it stands. */
  public void remove(Sequence sequence) {
    running.remove(sequence);
    waiting.remove(sequence);
    blocks.release(sequence);
  }

  public boolean isIdle() {
    return running.isEmpty() && waiting.isEmpty();
  }

  public int running() {
    return running.size();
  }

  public int waiting() {
    return waiting.size();
  }

  /** How often a sequence had to give its blocks back. */
  public long preemptions() {
    return preemptions;
  }

  /** Everything the scheduler holds, running first. */
  public List<Sequence> sequences() {
    List<Sequence> all = new ArrayList<>(running);
    all.addAll(waiting);
    return all;
  }

  /** Plans the next step and gives every sequence in it the blocks it needs. */
  public ScheduledStep schedule() {
    List<ScheduledStep.Part> parts = new ArrayList<>();
    int budget = limits.stepTokensMax();
    for (Sequence sequence : List.copyOf(running)) {
      if (sequence.pending() == 1 && makeRoom(sequence)) {
        parts.add(new ScheduledStep.Part(sequence, 1));
        budget--;
      }
    }
    // Making room for one sequence may have sent a later one back that had a part already.
    parts.removeIf(part -> !running.contains(part.sequence()));
    if (!parts.isEmpty()) {
      budget = Math.min(budget, limits.promptTokensBeside());
    }
    budget = continuePrompts(parts, budget);
    admit(parts, budget);
    return new ScheduledStep(parts);
  }

  private int continuePrompts(List<ScheduledStep.Part> parts, int budget) {
    int left = budget;
    for (Sequence sequence : running) {
      int tokens = Math.min(left, sequence.pending());
      if (sequence.pending() > 1 && tokens > 0) {
        int positions = sequence.computed() + tokens;
        if (blocks.fits(sequence, positions)) {
          blocks.grow(sequence, positions);
          parts.add(new ScheduledStep.Part(sequence, tokens));
          left -= tokens;
        }
      }
    }
    return left;
  }

  /** Starts waiting sequences in order of arrival, each only if its whole prompt has room. */
  private void admit(List<ScheduledStep.Part> parts, int budget) {
    int left = budget;
    while (left > 0 && !waiting.isEmpty() && running.size() < limits.sequencesMax()) {
      Sequence sequence = waiting.getFirst();
      if (!hasRoomFor(sequence)) {
        return;
      }
      waiting.removeFirst();
      running.add(sequence);
      blocks.grow(sequence, sequence.length());
      int tokens = Math.min(left, sequence.pending());
      parts.add(new ScheduledStep.Part(sequence, tokens));
      left -= tokens;
    }
  }

  /**
   * Beside the prompt, every running sequence may need a block soon: else it would be sent back.
   */
  private boolean hasRoomFor(Sequence sequence) {
    int spare = blocks.blocks() - blocks.used() - blocks.missing(sequence, sequence.length());
    return running.isEmpty() ? spare >= 0 : spare >= running.size();
  }

  /** Whether a decoding sequence has a place for its next token, if need be at another's cost. */
  private boolean makeRoom(Sequence sequence) {
    if (!running.contains(sequence)) {
      return false;
    }
    while (!blocks.fits(sequence, sequence.length())) {
      Sequence last = running.removeLast();
      blocks.release(last);
      waiting.addFirst(last);
      preemptions++;
      if (last == sequence) {
        return false;
      }
    }
    blocks.grow(sequence, sequence.length());
    return true;
  }
}
