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

  /** Why an answer is not computed again. */
  enum Why {
    /** What was said was not kept, or was shredded. */
    NOT_KEPT,
    /** The process was killed, nobody knows what was said. */
    KILLED,
    /** The weights that answered are not here. */
    NO_WEIGHTS,
    /** Another machine answered. */
    ELSEWHERE,
    /** Another replay is running. */
    BUSY,
    /** It took too long. */
    TIME,
    /** The engine doesn't take it, or stops. */
    ENGINE
  }

  /**
   * It could not be computed.
   *
   * @param reason for a person
   */
  record NotReplayable(Why why, String reason) implements ReplayVerdict {}
}
