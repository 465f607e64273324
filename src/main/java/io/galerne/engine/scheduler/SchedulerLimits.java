package io.galerne.engine.scheduler;

/**
 * The bounds of a step.
 *
 * @param sequencesMax most sequences that run together
 * @param stepTokensMax most tokens computed in a step
 * @param promptTokensBeside most prompt tokens in a step that also decodes: how long a long prompt
 *     may delay everybody else's next token
 */
public record SchedulerLimits(int sequencesMax, int stepTokensMax, int promptTokensBeside) {
  public SchedulerLimits {
    if (sequencesMax < 1 || stepTokensMax < sequencesMax || promptTokensBeside < 1) {
      throw new IllegalArgumentException(
          "a step needs room for a token of every sequence, and for one of a prompt");
    }
  }
}
