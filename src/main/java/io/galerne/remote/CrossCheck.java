package io.galerne.remote;

import io.galerne.engine.ModelVocabulary;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.template.ToolCall;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Holds a backend's count of tokens against our own. A text can be spelled in more ways than one,
 * so the counts needn't be equal; a backend that counts far more than we find is not believed, and
 * the lower count is charged.
 */
final class CrossCheck {
  private static final System.Logger LOG = System.getLogger(CrossCheck.class.getName());

  /** What may lie between the counts: marks of calls and ends, other spellings. */
  private static final int SLACK_TOKENS = 16;

  private static final double SLACK_SHARE = 0.1;

  private final String model;
  private final ModelVocabulary vocabulary;
  private final LongAdder agreed = new LongAdder();
  private final LongAdder disputed = new LongAdder();
  private final LongAdder untold = new LongAdder();
  private final LongAdder charged = new LongAdder();

  CrossCheck(String model, ModelVocabulary vocabulary) {
    this.model = model;
    this.vocabulary = vocabulary;
  }

  /** Tokens of answers, whole and broken off. */
  long chargedTokens() {
    return charged.sum();
  }

  /** An answer is over. */
  void ended(int tokens) {
    charged.add(tokens);
  }

  UsageChecks tally() {
    return new UsageChecks(agreed.sum(), disputed.sum(), untold.sum());
  }

  /**
   * The tokens of an answer that are charged.
   *
   * @param counted while the answer came
   */
  int charged(
      Piece.@Nullable Usage usage,
      String text,
      List<ToolCall> calls,
      int counted,
      SamplingParams sampling) {
    if (usage == null) {
      untold.increment();
      return counted;
    }
    int ours = vocabulary.count(text);
    for (ToolCall call : calls) {
      ours += vocabulary.count(call.name() + call.arguments());
    }
    int told = Math.min(usage.completionTokens(), sampling.maxTokens());
    if (believable(told, Math.max(ours, counted))) {
      agreed.increment();
      return told;
    }
    disputed.increment();
    LOG.log(
        System.Logger.Level.WARNING,
        "The backend of {0} counts {1} tokens for an answer of {2}: {2} are charged",
        model,
        told,
        ours);
    return ours;
  }

  /**
   * The tokens of the prompt that are charged: never more than our own count, which is reserved.
   */
  int promptTokens(Piece.@Nullable Usage usage, int ours) {
    return usage != null && usage.promptTokens() > 0 ? Math.min(usage.promptTokens(), ours) : ours;
  }

  private static boolean believable(int told, int ours) {
    return told <= ours + SLACK_TOKENS + (int) (ours * SLACK_SHARE);
  }
}
