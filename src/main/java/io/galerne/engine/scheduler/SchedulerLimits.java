package io.galerne.engine.scheduler;

/**
 * The bounds of the scheduler.
 *
 * @param sequencesMax most sequences that run together
 * @param stepTokensMax most tokens computed in a step
 * @param promptTokensBeside most prompt tokens in a step that also decodes: how long a long prompt
 *     may delay everybody else's next token
 * @param batchPatienceSteps steps without service after which a batch request goes first, one at a
 *     time
 * @param idleKeysMax most fairness keys remembered that have nothing in the engine
 */
public record SchedulerLimits(
    int sequencesMax,
    int stepTokensMax,
    int promptTokensBeside,
    int batchPatienceSteps,
    int idleKeysMax) {
  private static final int BATCH_PATIENCE_STEPS = 512;
  private static final int IDLE_KEYS_MAX = 1024;

  public SchedulerLimits {
    if (sequencesMax < 1 || promptTokensBeside < 1 || batchPatienceSteps < 1 || idleKeysMax < 1) {
      throw new IllegalArgumentException("a bound of the scheduler is below 1");
    }
    if (stepTokensMax < Math.min(2, sequencesMax)) {
      throw new IllegalArgumentException(
          "stepTokensMax: a step needs room for a token of an answer and one of a prompt");
    }
  }

  public SchedulerLimits(int sequencesMax, int stepTokensMax, int promptTokensBeside) {
    this(sequencesMax, stepTokensMax, promptTokensBeside, BATCH_PATIENCE_STEPS, IDLE_KEYS_MAX);
  }

  /**
   * Tokens of a step that answers leave to prompts that wait for it, however many answers are in
   * progress.
   */
  int promptTokensReserved() {
    return Math.min(promptTokensBeside, stepTokensMax / 4 + (stepTokensMax > 1 ? 1 : 0));
  }
}
