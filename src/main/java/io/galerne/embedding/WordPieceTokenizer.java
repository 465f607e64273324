package io.galerne.embedding;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Splits words into the longest pieces of a vocabulary, from the left (Schuster and Nakajima 2012,
 * in BERT's form). Text can't become a control token: only pieces of words are looked up, and the
 * marks hold brackets, which are words of their own.
 */
final class WordPieceTokenizer {
  private static final String CONTINUATION = "##";
  private static final int WORD_CHARACTERS_MAX = 100;

  private final Map<String, Integer> vocabulary;
  private final int pieceLengthMax;
  private final int unknown;
  private final int first;
  private final int last;

  /**
   * @throws EmbeddingException if the vocabulary lacks one of BERT's marks
   */
  WordPieceTokenizer(Map<String, Integer> vocabulary) {
    this.vocabulary = Map.copyOf(vocabulary);
    pieceLengthMax = vocabulary.keySet().stream().mapToInt(String::length).max().orElse(0);
    unknown = mark("[UNK]");
    first = mark("[CLS]");
    last = mark("[SEP]");
  }

  private int mark(String name) {
    Integer id = vocabulary.get(name);
    if (id == null) {
      throw new EmbeddingException("the vocabulary has no " + name);
    }
    return id;
  }

  /** Token ids, from {@code [CLS]} to {@code [SEP]}. */
  int[] encode(String text) {
    Ids ids = new Ids();
    ids.add(first);
    for (String word : BertText.words(text)) {
      addPieces(word, ids);
    }
    ids.add(last);
    return ids.toArray();
  }

  private void addPieces(String word, Ids ids) {
    if (word.codePointCount(0, word.length()) > WORD_CHARACTERS_MAX) {
      ids.add(unknown);
      return;
    }
    int mark = ids.size;
    int start = 0;
    while (start < word.length()) {
      // no piece is longer than the longest: a word without any costs no more than this
      int end = Math.min(word.length(), start + pieceLengthMax);
      Integer id = null;
      while (end > start && (id = piece(word, start, end)) == null) {
        end--;
      }
      if (id == null) {
        ids.size = mark;
        ids.add(unknown);
        return;
      }
      ids.add(id);
      start = end;
    }
  }

  private @Nullable Integer piece(String word, int start, int end) {
    String piece = word.substring(start, end);
    return vocabulary.get(start == 0 ? piece : CONTINUATION + piece);
  }

  /** The pieces of each word together again, between the marks at both ends. */
  String readable(int[] tokens) {
    Map<Integer, String> pieces = new HashMap<>();
    for (int token : tokens) {
      pieces.put(token, "");
    }
    vocabulary.forEach((piece, id) -> pieces.computeIfPresent(id, (_, _) -> piece));
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      String piece = pieces.getOrDefault(token, "");
      if (token == first || token == last) {
        continue;
      }
      if (piece.startsWith(CONTINUATION)) {
        text.append(piece, CONTINUATION.length(), piece.length());
      } else {
        text.append(text.isEmpty() ? "" : " ").append(piece);
      }
    }
    return text.toString();
  }

  /** A growing list of ids. */
  private static final class Ids {
    private int[] values = new int[64];
    private int size;

    void add(int id) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = id;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
