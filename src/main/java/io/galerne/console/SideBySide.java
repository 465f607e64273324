package io.galerne.console;

import io.galerne.audit.AnswerContent.Said;
import io.galerne.replay.ReplayVerdict;
import io.galerne.replay.Replayed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A recorded answer beside the one that was computed now.
 *
 * @param verdict equal, differs or not-replayable
 * @param why the key of the reason that there is none
 * @param where what differs
 * @param at the first byte that does; null where there are no two texts
 * @param cut how many of the answers end before the model did
 */
record SideBySide(
    String verdict,
    @Nullable String why,
    @Nullable String where,
    @Nullable Integer at,
    int cut,
    List<Pair> pairs,
    List<String> digests,
    boolean vectors) {
  /**
   * Two texts, cut at the first difference.
   *
   * @param same what both begin with
   */
  record Pair(int number, String same, String then, @Nullable String now, boolean whole) {
    private static Pair of(int number, Said then, @Nullable Said now) {
      String one = then.asText();
      if (now == null) {
        return new Pair(number, "", one, null, then.whole());
      }
      String other = now.asText();
      int common = common(one, other);
      return new Pair(
          number,
          one.substring(0, common),
          one.substring(common),
          other.substring(common),
          then.whole());
    }

    /** In chars, never within a pair of surrogates. */
    private static int common(String one, String other) {
      int at = Arrays.mismatch(one.toCharArray(), other.toCharArray());
      int end = at < 0 ? one.length() : at;
      return end > 0 && Character.isHighSurrogate(one.charAt(end - 1)) ? end - 1 : end;
    }
  }

  static SideBySide of(Replayed replayed) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < replayed.written().size(); i++) {
      Said now = i < replayed.computed().size() ? replayed.computed().get(i) : null;
      pairs.add(Pair.of(i + 1, replayed.written().get(i), now));
    }
    boolean vectors = replayed.record().service().equals("EMBEDDING");
    return switch (replayed.verdict()) {
      case ReplayVerdict.Equal(List<String> digests, int cut) ->
          new SideBySide("equal", null, null, null, cut, pairs, digests, vectors);
      case ReplayVerdict.Differs(String where, int at, String _) ->
          new SideBySide("differs", null, where, at < 0 ? null : at, 0, pairs, List.of(), vectors);
      case ReplayVerdict.NotReplayable(ReplayVerdict.Why why, String _) ->
          new SideBySide(
              "not-replayable",
              "requests.why." + why.name().toLowerCase(Locale.ROOT).replace('_', '-'),
              null,
              null,
              0,
              pairs,
              List.of(),
              vectors);
    };
  }

  /** How many bytes of text were compared. */
  public long bytes() {
    return pairs.stream()
        .mapToLong(pair -> (pair.same() + pair.then()).getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
