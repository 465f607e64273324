package io.galerne.replay;

import io.galerne.audit.AnswerContent.Said;
import io.galerne.audit.AnswerRecord;
import java.util.List;

/**
 * A recorded answer beside what was computed now.
 *
 * @param written what the model wrote then; empty where that is not known
 * @param computed what it writes now, as far as it came
 */
public record Replayed(
    AnswerRecord record, ReplayVerdict verdict, List<Said> written, List<Said> computed) {
  public Replayed {
    written = List.copyOf(written);
    computed = List.copyOf(computed);
  }

  static Replayed without(AnswerRecord record, ReplayVerdict verdict) {
    return new Replayed(record, verdict, List.of(), List.of());
  }
}
