package io.galerne.moderation.scan;

import io.galerne.moderation.scan.RegexNode.Assertion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Parses RE2's syntax into a tree. Captures and greediness leave no trace: only what a pattern
 * matches is of interest here, not how. Patterns are checked by RE2/J before, so that what reaches
 * this class is well-formed.
 */
final class RegexParser {
  private static final int DEPTH_MAX = 50;

  private final String pattern;
  private final boolean anyCase;
  private int at;
  private int depth;

  /** The flags that are on; each group has its own. */
  private record Flags(boolean anyCase, boolean multiLine, boolean dotAll) {}

  private Flags flags;

  private RegexParser(String pattern, boolean anyCase) {
    this.pattern = pattern;
    this.anyCase = anyCase;
    flags = new Flags(anyCase, false, false);
  }

  /**
   * @param anyCase whether case is ignored, whatever the pattern says
   */
  static RegexNode parse(String pattern, boolean anyCase) {
    RegexParser parser = new RegexParser(pattern, anyCase);
    RegexNode node = parser.choice();
    if (parser.at < pattern.length()) {
      throw parser.error("unexpected " + pattern.charAt(parser.at));
    }
    return node;
  }

  private PatternException error(String message) {
    return new PatternException(message + " at character " + (at + 1));
  }

  private boolean more() {
    return at < pattern.length();
  }

  private boolean take(String text) {
    if (pattern.startsWith(text, at)) {
      at += text.length();
      return true;
    }
    return false;
  }

  private RegexNode choice() {
    if (++depth > DEPTH_MAX) {
      throw error("groups are nested deeper than " + DEPTH_MAX);
    }
    Flags outer = flags;
    List<RegexNode> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (take("|"));
    flags = outer;
    depth--;
    return options.size() == 1 ? options.getFirst() : new RegexNode.Choice(options);
  }

  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (more() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
      RegexNode atom = atom();
      if (atom != null) {
        parts.add(repeated(atom));
      }
    }
    return new RegexNode.Sequence(parts);
  }

  private RegexNode repeated(RegexNode atom) {
    RegexNode node = atom;
    while (more()) {
      if (take("*")) {
        node = new RegexNode.Repeat(node, 0, -1);
      } else if (take("+")) {
        node = new RegexNode.Repeat(node, 1, -1);
      } else if (take("?")) {
        node = new RegexNode.Repeat(node, 0, 1);
      } else {
        RegexNode counted = counted(node);
        if (counted == null) {
          return node;
        }
        node = counted;
      }
      take("?"); // lazy
    }
    return node;
  }

  /** Null where no count follows: then the brace is a character. */
  private @Nullable RegexNode counted(RegexNode node) {
    int close = pattern.indexOf('}', at);
    if (pattern.charAt(at) != '{' || close < 0) {
      return null;
    }
    String[] bounds = pattern.substring(at + 1, close).split(",", -1);
    if (bounds.length > 2 || !isNumber(bounds[0])) {
      return null;
    }
    if (bounds.length == 2 && !bounds[1].isEmpty() && !isNumber(bounds[1])) {
      return null;
    }
    at = close + 1;
    int min = Integer.parseInt(bounds[0]);
    int max = bounds.length == 1 ? min : bounds[1].isEmpty() ? -1 : Integer.parseInt(bounds[1]);
    return new RegexNode.Repeat(node, min, max);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 4
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Null for flags alone. */
  private @Nullable RegexNode atom() {
    if (take("(")) {
      return group();
    }
    if (take("[")) {
      return chars(bracket());
    }
    if (take(".")) {
      return chars(flags.dotAll ? c -> true : c -> c != '\n');
    }
    if (take("^")) {
      return new RegexNode.Assert(flags.multiLine ? Assertion.LINE_START : Assertion.TEXT_START);
    }
    if (take("$")) {
      return new RegexNode.Assert(flags.multiLine ? Assertion.LINE_END : Assertion.TEXT_END);
    }
    if (take("\\")) {
      return escape();
    }
    return literal(codePoint());
  }

  private RegexNode literal(int c) {
    return chars(other -> other == c);
  }

  private RegexNode chars(IntPredicate members) {
    CharClass set = CharClass.of(members);
    return new RegexNode.Chars(flags.anyCase ? set.anyCase() : set);
  }

  private int codePoint() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private @Nullable RegexNode group() {
    Flags outer = flags;
    if (take("?")) {
      if (take("P<") || take("<")) {
        at = pattern.indexOf('>', at) + 1;
      } else if (!flags()) {
        return null; // they hold until the end of the group around
      }
    }
    RegexNode inner = choice();
    if (!take(")")) {
      throw error("missing )");
    }
    flags = outer;
    return inner;
  }

  /** Reads flags; whether a group follows. */
  private boolean flags() {
    boolean on = true;
    Flags now = flags;
    while (more()) {
      char flag = pattern.charAt(at++);
      switch (flag) {
        case ':' -> {
          flags = now;
          return true;
        }
        case ')' -> {
          flags = now;
          return false;
        }
        case '-' -> on = false;
        case 'i' -> now = new Flags(on || anyCase, now.multiLine, now.dotAll);
        case 'm' -> now = new Flags(now.anyCase, on, now.dotAll);
        case 's' -> now = new Flags(now.anyCase, now.multiLine, on);
        case 'U' -> {} // greediness
        default -> throw error("unknown flag " + flag);
      }
    }
    throw error("missing )");
  }

  private RegexNode escape() {
    if (take("Q")) {
      int end = pattern.indexOf("\\E", at);
      String quoted = pattern.substring(at, end < 0 ? pattern.length() : end);
      at = end < 0 ? pattern.length() : end + 2;
      return new RegexNode.Sequence(quoted.codePoints().mapToObj(this::literal).toList());
    }
    return switch (pattern.charAt(at)) {
      case 'b' -> assertion(Assertion.WORD_BOUNDARY);
      case 'B' -> assertion(Assertion.NO_WORD_BOUNDARY);
      case 'A' -> assertion(Assertion.TEXT_START);
      case 'z' -> assertion(Assertion.TEXT_END);
      default -> {
        IntPredicate members = classEscape();
        yield members == null ? literal(charEscape()) : chars(members);
      }
    };
  }

  private RegexNode assertion(Assertion assertion) {
    at++;
    return new RegexNode.Assert(assertion);
  }

  /** After a backslash: a class like {@code \d} or {@code \pL}; null where it is a character. */
  private @Nullable IntPredicate classEscape() {
    char letter = pattern.charAt(at);
    IntPredicate members = RegexClasses.escape(letter);
    if (members != null) {
      at++;
      return members;
    }
    if (letter != 'p' && letter != 'P') {
      return null;
    }
    at++;
    String name;
    if (take("{")) {
      int end = pattern.indexOf('}', at);
      if (end < 0) {
        throw error("missing }");
      }
      name = pattern.substring(at, end);
      at = end + 1;
    } else {
      name = Character.toString(codePoint());
    }
    IntPredicate named = RegexClasses.unicode(name);
    return letter == 'P' ? named.negate() : named;
  }

  /** After a backslash: one character. */
  private int charEscape() {
    int c = codePoint();
    return switch (c) {
      case 'a' -> 7;
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      case 'x' -> hex();
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(c - '0');
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw error("\\" + Character.toString(c) + " is not supported");
        }
        yield c;
      }
    };
  }

  private int octal(int first) {
    int value = first;
    for (int i = 0;
        i < 2 && more() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '7';
        i++) {
      value = value * 8 + pattern.charAt(at++) - '0';
    }
    return value;
  }

  private int hex() {
    boolean braced = take("{");
    int end = braced ? pattern.indexOf('}', at) : Math.min(at + 2, pattern.length());
    if (end < 0) {
      throw error("missing }");
    }
    try {
      int value = Integer.parseInt(pattern, at, end, 16);
      at = braced ? end + 1 : end;
      return value;
    } catch (NumberFormatException e) {
      throw error("\\x wants a hexadecimal number");
    }
  }

  private boolean more(int index) {
    return index < pattern.length();
  }

  private IntPredicate bracket() {
    boolean negated = take("^");
    IntPredicate members = c -> false;
    boolean first = true;
    while (more() && (first || pattern.charAt(at) != ']')) {
      first = false;
      members = members.or(bracketItem());
    }
    if (!take("]")) {
      throw error("missing ]");
    }
    IntPredicate whole = flags.anyCase ? CharClass.of(members).anyCase()::contains : members;
    return negated ? whole.negate() : whole;
  }

  private IntPredicate bracketItem() {
    if (take("[:")) {
      int end = pattern.indexOf(":]", at);
      if (end < 0) {
        throw error("missing :]");
      }
      String name = pattern.substring(at, end);
      at = end + 2;
      return RegexClasses.posix(name);
    }
    int from;
    if (take("\\")) {
      IntPredicate members = classEscape();
      if (members != null) {
        return members;
      }
      from = charEscape();
    } else {
      from = codePoint();
    }
    if (!more(at + 1) || pattern.charAt(at) != '-' || pattern.charAt(at + 1) == ']') {
      return c -> c == from;
    }
    at++;
    int to = take("\\") ? charEscape() : codePoint();
    return c -> c >= from && c <= to;
  }
}
