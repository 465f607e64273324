package io.galerne.engine;

import io.galerne.engine.tokenizer.StreamDecoder;
import java.util.Arrays;
import java.util.List;

/**
 * An answer's text while its tokens arrive: whole characters only, cut at the first stop text, and
 * held back where the end might be the beginning of one. Also knows which tokens made which text,
 * because tokens are what is billed.
 */
final class AnswerText {
  private final StreamDecoder decoder;
  private final StringBuilder text = new StringBuilder();
  private final List<String> stops;
  private final int longestStop;
  private final int minTokens;

  /** For each token, the length of the text once its last character is complete. */
  private int[] ends = new int[64];

  private int tokens;
  private int released;
  private int releasedTokens;
  private int cut = -1;

  /** No stop text begins before this place. */
  private int stopsFrom;

  AnswerText(List<String> stops) {
    this(stops, new StreamDecoder(), 0);
  }

  /**
   * @param minTokens before the answer has so many, a stop text is a text like any other
   */
  AnswerText(List<String> stops, StreamDecoder decoder, int minTokens) {
    this.decoder = decoder;
    this.minTokens = minTokens;
    this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    this.longestStop = this.stops.stream().mapToInt(String::length).max().orElse(0);
  }

  /**
   * Adds a token's bytes.
   *
   * @return whether a stop text is complete
   */
  boolean append(byte[] bytes) {
    return append(bytes, false);
  }

  /**
   * Adds a token's bytes.
   *
   * @param heldBack whether more of the token may turn out to be text, or the token is of a call
   * @return whether a stop text is complete
   */
  boolean append(byte[] bytes, boolean heldBack) {
    int before = text.length();
    text.append(decoder.append(bytes));
    if (tokens == ends.length) {
      ends = Arrays.copyOf(ends, 2 * tokens);
    }
    // A character that is still incomplete will take at least one place.
    ends[tokens++] = text.length() + (heldBack || decoder.holdsBack() ? 1 : 0);
    findStop(before);
    return cut >= 0;
  }

  /** Adds text of tokens that were added before and held back. */
  void appendText(byte[] bytes) {
    if (cut < 0 && bytes.length > 0) {
      int before = text.length();
      text.append(decoder.append(bytes));
      findStop(before);
    }
  }

  /** Nothing follows: what was held back is text after all. */
  void finish() {
    if (cut < 0) {
      int before = text.length();
      text.append(decoder.finish());
      findStop(before);
    }
  }

  /** Text that became certain since the last call. */
  String release(boolean finished) {
    int end = cut >= 0 ? cut : text.length() - (finished ? 0 : possibleStop());
    if (end <= released) {
      return "";
    }
    String piece = text.substring(released, end);
    released = end;
    return piece;
  }

  /** Tokens whose text was released since the last call. */
  int releaseTokens() {
    int from = releasedTokens;
    while (releasedTokens < tokens && ends[releasedTokens] <= released) {
      releasedTokens++;
    }
    return releasedTokens - from;
  }

  /** All tokens since the last call: what they made is released in another way. */
  int releaseAllTokens() {
    int from = releasedTokens;
    releasedTokens = tokens;
    return tokens - from;
  }

  /** Tokens of the answer: all but those that lie wholly within or after the stop text. */
  int completionTokens() {
    if (cut < 0) {
      return tokens;
    }
    int count = 0;
    int start = 0;
    while (count < tokens && start < cut) {
      start = ends[count++];
    }
    return count;
  }

  private void findStop(int appendedFrom) {
    if (tokens < minTokens) {
      stopsFrom = text.length();
      return;
    }
    for (String stop : stops) {
      int at =
          text.indexOf(
              stop, Math.max(Math.max(released, stopsFrom), appendedFrom - longestStop + 1));
      if (at >= 0 && (cut < 0 || at < cut)) {
        cut = at;
      }
    }
  }

  /** Length of the longest end of the text that a stop text begins with. */
  private int possibleStop() {
    int longest = Math.min(longestStop - 1, text.length() - Math.max(released, stopsFrom));
    for (int length = longest; length > 0; length--) {
      String end = text.substring(text.length() - length);
      for (String stop : stops) {
        if (stop.startsWith(end)) {
          return length;
        }
      }
    }
    return 0;
  }
}
