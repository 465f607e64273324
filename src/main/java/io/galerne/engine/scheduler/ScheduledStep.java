package io.galerne.engine.scheduler;

import java.util.List;

/** What one step computes. */
public record ScheduledStep(List<Part> parts) {
  public ScheduledStep {
    parts = List.copyOf(parts);
  }

  /**
   * The next tokens of one sequence.
   *
   * @param tokens how many of its pending tokens; if all, the step draws the next one
   */
  public record Part(Sequence sequence, int tokens) {}
}
