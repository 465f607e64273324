package io.galerne.engine.grammar;

import io.galerne.engine.grammar.automaton.Dfa;
import io.galerne.engine.grammar.automaton.DfaBuilder;
import io.galerne.engine.grammar.automaton.Strings;
import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.schema.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How a model writes calls of tools. An answer's calls are {@code start open CALL (next CALL)*
 * close}, or, where each has an end of its own, {@code start open CALL close (more CALL close)*}. A
 * call is a JSON object of a name, the arguments and perhaps an id, spelled as Python's {@code
 * json.dumps} does, which is what models have seen. Immutable; made once for each model.
 */
public final class CallSyntax {
  /** Stands for a start that is a control token; no text has this byte. */
  public static final byte MARK = TokenVocabulary.MARK;

  private static final int ID_LENGTH = 9;
  static final int CLOSE = 0;
  static final int NEXT = 1;

  private final byte[] start;
  private final String argumentsKey;
  private final String idKey;
  private final Budget budget = Budget.unlimited();

  /** Text up to and with the first start. */
  final Dfa finder;

  final Dfa starter;
  final Dfa open;
  final Dfa tail;
  final Dfa close;
  final Dfa closeOrNext;

  /** What comes before a further call after an end, empty where calls have no end of their own. */
  final Dfa more;

  private CallSyntax(
      byte[] start, String open, List<String> after, String more, String argumentsKey, String id) {
    this.start = start;
    this.argumentsKey = argumentsKey;
    this.idKey = id;
    this.finder = finder(start);
    this.starter = literal(start);
    this.open = words(List.of(open));
    this.tail = tail(id);
    this.close = words(after.subList(0, 1));
    this.closeOrNext = words(after);
    this.more = words(more.isEmpty() ? List.of() : List.of(more));
  }

  /**
   * All calls are items of one array.
   *
   * @param start the bytes that begin calls, or {@link #MARK}
   * @param blank what stands before the array
   * @param idKey empty where calls have no id
   */
  public static CallSyntax array(byte[] start, String blank, String argumentsKey, String idKey) {
    return new CallSyntax(start, blank + "[", List.of("]", ", "), "", argumentsKey, idKey);
  }

  /** Each call has a line between a start and an end of its own. */
  public static CallSyntax oneByOne(String start, String end, String argumentsKey, String idKey) {
    return new CallSyntax(
        start.getBytes(StandardCharsets.UTF_8),
        "\n",
        List.of("\n" + end),
        "\n" + start + "\n",
        argumentsKey,
        idKey);
  }

  /** The bytes that begin calls. */
  public byte[] start() {
    return start.clone();
  }

  int firstByte() {
    return start[0] & 0xFF;
  }

  /** A call of a tool up to its arguments. */
  public byte[] head(String name) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes("{\"name\": ".getBytes(StandardCharsets.UTF_8));
    head.writeBytes(JsonText.quote(name));
    head.writeBytes(", \"%s\": ".formatted(argumentsKey).getBytes(StandardCharsets.UTF_8));
    return head.toByteArray();
  }

  /** Bytes of a call after its arguments. */
  public int tailLength() {
    return idKey.isEmpty() ? 1 : idKey.length() + ID_LENGTH + ", \"\": \"\"}".length();
  }

  /** Of a call with an id, where that begins, counted from the call's end; 0 where it has none. */
  public int idFromEnd() {
    return idKey.isEmpty() ? 0 : ID_LENGTH + "\"}".length();
  }

  /** Letters and digits of an id. */
  public int idLength() {
    return ID_LENGTH;
  }

  private Dfa words(List<String> texts) {
    return Strings.plainTexts(texts, budget);
  }

  private Dfa literal(byte[] word) {
    return DfaBuilder.explore(
        alphabet(word),
        0,
        (Integer at, int value) ->
            at < word.length && (word[at] & 0xFF) == value ? (Integer) (at + 1) : null,
        at -> at == word.length ? 0 : Dfa.REJECT,
        budget);
  }

  private Dfa tail(String id) {
    byte[] before =
        (id.isEmpty() ? "" : ", \"%s\": \"".formatted(id)).getBytes(StandardCharsets.UTF_8);
    byte[] after = (id.isEmpty() ? "}" : "\"}").getBytes(StandardCharsets.UTF_8);
    int idEnd = before.length + (id.isEmpty() ? 0 : ID_LENGTH);
    int length = idEnd + after.length;
    byte[] alphabet = new byte[256];
    for (int value = 0; value < 128; value++) {
      alphabet[value] = (byte) (value + 1);
    }
    return DfaBuilder.explore(
        alphabet,
        0,
        (Integer at, int value) -> {
          boolean fits =
              at < length
                  && (at < before.length
                      ? before[at] == value
                      : at < idEnd
                          ? value < 128 && Character.isLetterOrDigit(value)
                          : after[at - idEnd] == value);
          return fits ? (Integer) (at + 1) : null;
        },
        at -> at == length ? 0 : Dfa.REJECT,
        budget);
  }

  /** Any bytes up to the first place where the word ends, by Knuth, Morris and Pratt (1977). */
  private Dfa finder(byte[] word) {
    return DfaBuilder.explore(
        alphabet(word),
        0,
        (Integer at, int value) -> at == word.length ? null : (Integer) matched(word, at, value),
        at -> at == word.length ? 0 : Dfa.REJECT,
        budget);
  }

  /** How much of a word stands at a text's end after one more byte. */
  public static int matched(byte[] word, int before, int value) {
    for (int length = before + 1; length > 0; length--) {
      boolean fits = (word[length - 1] & 0xFF) == value;
      int from = before - (length - 1);
      if (fits && Arrays.equals(word, from, before, word, 0, length - 1)) {
        return length;
      }
    }
    return 0;
  }

  /** Bytes that a word doesn't have are all alike. */
  private static byte[] alphabet(byte[] word) {
    byte[] alphabet = new byte[256];
    int classes = 1;
    for (byte value : word) {
      if (alphabet[value & 0xFF] == 0) {
        alphabet[value & 0xFF] = (byte) classes++;
      }
    }
    return alphabet;
  }
}
