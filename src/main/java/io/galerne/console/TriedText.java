package io.galerne.console;

import io.galerne.moderation.TrialResult;
import io.galerne.moderation.TrialResult.Spot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A text that was tried on a policy, cut where findings begin and end.
 *
 * @param input whether it was judged on its way into the model
 */
record TriedText(boolean input, Verdict verdict, List<Segment> segments, TrialResult result) {
  /** What becomes of the text. */
  enum Verdict {
    PASSED,
    FLAGGED,
    CHANGED,
    BLOCKED
  }

  /**
   * A piece of the text.
   *
   * @param action the strictest that is taken there; null where nothing was found
   * @param rules what found something there
   */
  record Segment(String text, @Nullable String action, String rules) {}

  private static final List<String> STRICTER = List.of("flag", "replace", "redact", "block");

  static TriedText of(String text, boolean input, TrialResult result) {
    Verdict verdict;
    if (result.blocked()) {
      verdict = Verdict.BLOCKED;
    } else if (!result.text().equals(text)) {
      verdict = Verdict.CHANGED;
    } else {
      verdict = result.findings().isEmpty() ? Verdict.PASSED : Verdict.FLAGGED;
    }
    return new TriedText(input, verdict, segments(text, result.findings()), result);
  }

  private static List<Segment> segments(String text, List<Spot> spots) {
    TreeSet<Integer> borders = new TreeSet<>(List.of(0, text.length()));
    for (Spot spot : spots) {
      borders.add(Math.clamp(spot.start(), 0, text.length()));
      borders.add(Math.clamp(spot.end(), 0, text.length()));
    }
    List<Segment> segments = new ArrayList<>();
    int from = 0;
    for (int to : borders) {
      if (to > from) {
        segments.add(segment(text, from, to, spots));
        from = to;
      }
    }
    return segments;
  }

  private static Segment segment(String text, int from, int to, List<Spot> spots) {
    List<Spot> here =
        spots.stream().filter(spot -> spot.start() < to && from < spot.end()).toList();
    return new Segment(
        text.substring(from, to),
        here.stream()
            .map(Spot::action)
            .max(Comparator.comparingInt(STRICTER::indexOf))
            .orElse(null),
        here.stream().map(Spot::rule).distinct().collect(Collectors.joining(", ")));
  }
}
