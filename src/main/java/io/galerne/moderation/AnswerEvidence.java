package io.galerne.moderation;

import io.galerne.moderation.guard.Finding;
import java.util.List;

/** Takes what was decided about an answer, and its text. For one answer. */
interface AnswerEvidence {
  /** More of the answer, as the model said it. */
  void saw(String more);

  /** The answer is over. */
  void keep(List<Finding> findings);
}
