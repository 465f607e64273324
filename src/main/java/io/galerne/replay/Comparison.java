package io.galerne.replay;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Holds a record, its content and what was computed against each other. The record is what the
 * chain of hashes vouches for; so content counts only as far as the record's digests are its own.
 */
final class Comparison {
  private Comparison() {}

  /** Whether the content is what the record is of: {@link ReplayVerdict.Equal} if so. */
  static ReplayVerdict content(AnswerRecord record, AnswerContent content) {
    AnswerRecord.Digests kept = record.digests();
    if (kept == null) {
      return new ReplayVerdict.NotReplayable(
          ReplayVerdict.Why.KILLED, "the process was killed while it answered");
    }
    AnswerRecord.Digests found = AnswerRecord.Digests.of(record.requestId(), content);
    if (!kept.prompt().equals(found.prompt())) {
      return changed("prompt");
    }
    if (kept.request() == null
        ? found.request() != null
        : !kept.request().equals(found.request())) {
      return changed("request");
    }
    if (!kept.answers().equals(found.answers())) {
      return changed(place("answers", kept.answers(), found.answers()));
    }
    List<String> keptGenerated = kept.generated() == null ? List.of() : kept.generated();
    List<String> foundGenerated = found.generated() == null ? List.of() : found.generated();
    if (!keptGenerated.equals(foundGenerated)) {
      return changed(place("generated", keptGenerated, foundGenerated));
    }
    return new ReplayVerdict.Equal(List.of(), 0);
  }

  private static ReplayVerdict.Differs changed(String what) {
    return new ReplayVerdict.Differs(
        "content." + what, -1, "the content is not what the record's digest is of");
  }

  private static String place(String what, List<String> one, List<String> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      if (!one.get(i).equals(other.get(i))) {
        return what + "[" + i + "]";
      }
    }
    return what;
  }

  /**
   * @param recorded what the model wrote then
   * @param computed what it writes now
   */
  static ReplayVerdict answers(
      UUID requestId, List<AnswerContent.Said> recorded, List<AnswerContent.Said> computed) {
    List<String> digests = new ArrayList<>();
    int cut = 0;
    for (int i = 0; i < recorded.size(); i++) {
      AnswerContent.Said then = recorded.get(i);
      AnswerContent.Said now = computed.get(i);
      int at = difference(then, now);
      if (at >= 0) {
        return new ReplayVerdict.Differs(
            "answers[" + i + "]", at, "the weights give another answer than the recorded one");
      }
      cut += then.whole() ? 0 : 1;
      digests.add(AnswerRecord.digest(requestId, then.asText()));
    }
    return new ReplayVerdict.Equal(digests, cut);
  }

  /** The first byte that differs, or -1. */
  private static int difference(AnswerContent.Said then, AnswerContent.Said now) {
    byte[] one = then.asText().getBytes(StandardCharsets.UTF_8);
    byte[] other = now.asText().getBytes(StandardCharsets.UTF_8);
    int at = Arrays.mismatch(one, other);
    boolean onlyCut = !then.whole() && at == one.length;
    return onlyCut ? -1 : at;
  }
}
