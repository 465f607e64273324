package io.galerne.replay;

import java.util.List;

/** What came of computing a recorded answer again. */
public sealed interface ReplayVerdict {
  /**
   * Byte for byte the same.
   *
   * @param digests of what was computed, as the record has them
   * @param cut how many of the answers were cut: of these the part is the same that there is
   */
  record Equal(List<String> digests, int cut) implements ReplayVerdict {
    public Equal {
      digests = List.copyOf(digests);
    }
  }

  /**
   * Something is different.
   *
   * @param where what it is, such as {@code answers[0]}
   * @param at the first byte that differs, in UTF-8; -1 where there are no two texts to compare
   * @param reason for a person
   */
  record Differs(String where, int at, String reason) implements ReplayVerdict {}

  /** It could not be computed. */
  record NotReplayable(String reason) implements ReplayVerdict {}
}
