package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads ECMA-262 regular expressions in their Unicode mode, but for what no finite automaton can
 * do: back references, look-around and word boundaries are refused.
 */
final class RegexParser {
  private static final int DEEPEST = 64;
  private static final int MOST_REPEATS = 10_000;

  private final String pattern;
  private final Budget budget;
  private int at;
  private int depth;

  private RegexParser(String pattern, Budget budget) {
    this.pattern = pattern;
    this.budget = budget;
  }

  static RegexNode parse(String pattern, Budget budget) {
    budget.atMost(budget.limits().regexCharacters(), pattern.length(), "characters of a pattern");
    RegexParser parser = new RegexParser(pattern, budget);
    RegexNode node = parser.choice();
    if (parser.at < pattern.length()) {
      throw parser.malformed("has an unmatched ')'");
    }
    return node;
  }

  private RegexNode choice() {
    List<RegexNode> parts = new ArrayList<>();
    parts.add(sequence());
    while (take('|')) {
      parts.add(sequence());
    }
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.Choice(parts);
  }

  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (at < pattern.length() && peek() != '|' && peek() != ')') {
      parts.add(quantified());
    }
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(parts);
  }

  private RegexNode quantified() {
    RegexNode node = atom();
    while (at < pattern.length()) {
      int min;
      int max;
      int before = at;
      if (take('*')) {
        min = 0;
        max = -1;
      } else if (take('+')) {
        min = 1;
        max = -1;
      } else if (take('?')) {
        min = 0;
        max = 1;
      } else if (take('{')) {
        min = count();
        max = take(',') ? (peekIs('}') ? -1 : count()) : min;
        expect('}');
        if (max >= 0 && max < min) {
          throw malformed("counts down at character " + before);
        }
      } else {
        break;
      }
      if (node instanceof RegexNode.Begin || node instanceof RegexNode.End) {
        throw malformed("repeats an anchor");
      }
      if (node instanceof RegexNode.Repeat && before == repeatedUpTo) {
        throw malformed("has nothing to repeat at character " + before);
      }
      take('?');
      node = new RegexNode.Repeat(node, min, max);
      repeatedUpTo = at;
    }
    return node;
  }

  /** Where the last quantifier ended. */
  private int repeatedUpTo = -1;

  private int count() {
    int start = at;
    int value = 0;
    while (at < pattern.length() && peek() >= '0' && peek() <= '9') {
      value = Math.min(value * 10 + (peek() - '0'), MOST_REPEATS + 1);
      at++;
    }
    if (at == start) {
      throw malformed("has no count in braces at character " + at);
    }
    budget.atMost(MOST_REPEATS, value, "repeats in a pattern");
    return value;
  }

  private RegexNode atom() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case '^' -> new RegexNode.Begin();
      case '$' -> new RegexNode.End();
      case '.' -> new RegexNode.Chars(CharSet.DOT);
      case '(' -> group();
      case '[' -> new RegexNode.Chars(characterClass());
      case '\\' -> new RegexNode.Chars(escape(false));
      case '*', '+', '?', '{' -> throw malformed("has nothing to repeat at character " + (at - 1));
      default -> new RegexNode.Chars(CharSet.range(c, c));
    };
  }

  private RegexNode group() {
    if (++depth > DEEPEST) {
      throw budget.refusal(Kind.TOO_LARGE, "groups nest deeper than " + DEEPEST);
    }
    if (take('?')) {
      if (take('<')) {
        if (peekIs('=') || peekIs('!')) {
          throw unsupported("look-behind");
        }
        int end = pattern.indexOf('>', at);
        if (end < 0) {
          throw malformed("has an unfinished group name");
        }
        at = end + 1;
      } else if (peekIs('=') || peekIs('!')) {
        throw unsupported("look-ahead");
      } else if (!take(':')) {
        throw unsupported("a group modifier");
      }
    }
    RegexNode node = choice();
    expect(')');
    depth--;
    // A group of its own, so that a quantifier after it repeats the whole.
    return node instanceof RegexNode.Chars ? node : new RegexNode.Sequence(List.of(node));
  }

  private CharSet characterClass() {
    boolean negated = take('^');
    List<CharSet> sets = new ArrayList<>();
    while (!take(']')) {
      CharSet first = classAtom();
      boolean single = first.bounds().length == 2 && first.bounds()[0] == first.bounds()[1];
      if (peekIs('-') && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
        at++;
        CharSet last = classAtom();
        boolean lastSingle = last.bounds().length == 2 && last.bounds()[0] == last.bounds()[1];
        if (!single || !lastSingle || last.bounds()[0] < first.bounds()[0]) {
          throw malformed("has a range out of order before character " + at);
        }
        sets.add(CharSet.range(first.bounds()[0], last.bounds()[0]));
      } else {
        sets.add(first);
      }
    }
    CharSet union = CharSet.union(sets);
    return negated ? union.complement() : union;
  }

  private CharSet classAtom() {
    if (at >= pattern.length()) {
      throw malformed("has an unfinished character class");
    }
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c == '\\' ? escape(true) : CharSet.range(c, c);
  }

  private CharSet escape(boolean inClass) {
    if (at >= pattern.length()) {
      throw malformed("ends in a backslash");
    }
    char c = pattern.charAt(at++);
    return switch (c) {
      case 'd' -> CharSet.DIGIT;
      case 'D' -> CharSet.DIGIT.complement();
      case 'w' -> CharSet.WORD;
      case 'W' -> CharSet.WORD.complement();
      case 's' -> CharSet.SPACE;
      case 'S' -> CharSet.SPACE.complement();
      case 'n' -> single('\n');
      case 'r' -> single('\r');
      case 't' -> single('\t');
      case 'f' -> single('\f');
      case 'v' -> single(0x0B);
      case 'c' -> control();
      case 'x' -> single(hex(2));
      case 'u' -> single(unicode());
      case 'p', 'P' -> property(c == 'P');
      case 'b' -> {
        if (inClass) {
          yield single('\b');
        }
        throw unsupported("a word boundary");
      }
      case 'B' -> throw unsupported("a word boundary");
      case 'k' -> throw unsupported("a back reference");
      case '0' -> {
        if (at < pattern.length() && Character.isDigit(peek())) {
          throw malformed("has an octal escape");
        }
        yield single(0);
      }
      default -> literal(c);
    };
  }

  private CharSet literal(char c) {
    if (c >= '1' && c <= '9') {
      throw unsupported("a back reference");
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      throw malformed("has the unknown escape \\" + c);
    }
    if (Character.isSurrogate(c)) {
      throw malformed("escapes half a character");
    }
    return single(c);
  }

  private CharSet control() {
    char letter = at < pattern.length() ? pattern.charAt(at++) : 0;
    if (!((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))) {
      throw malformed("has an unfinished control escape");
    }
    return single(letter % 32);
  }

  private int unicode() {
    if (take('{')) {
      int end = pattern.indexOf('}', at);
      if (end < 0 || end == at || end - at > 6) {
        throw malformed("has an unfinished \\u{…}");
      }
      int value = hex(end - at);
      expect('}');
      if (value > CharSet.LAST) {
        throw malformed("names a character beyond Unicode");
      }
      return value;
    }
    int unit = hex(4);
    if (Character.isHighSurrogate((char) unit) && pattern.startsWith("\\u", at)) {
      at += 2;
      int low = hex(4);
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
      throw malformed("has half a surrogate pair");
    }
    return unit;
  }

  private int hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < pattern.length() ? Character.digit(pattern.charAt(at), 16) : -1;
      if (digit < 0) {
        throw malformed("has an unfinished hexadecimal escape");
      }
      value = value * 16 + digit;
      at++;
    }
    return value;
  }

  private CharSet property(boolean negated) {
    int end = take('{') ? pattern.indexOf('}', at) : -1;
    if (end < 0) {
      throw malformed("has an unfinished \\p{…}");
    }
    String name = pattern.substring(at, end);
    at = end + 1;
    CharSet set = UnicodeProperties.named(name).orElseThrow(() -> unsupported("\\p{" + name + "}"));
    return negated ? set.complement() : set;
  }

  private static CharSet single(int c) {
    return CharSet.range(c, c);
  }

  private char peek() {
    return pattern.charAt(at);
  }

  private boolean peekIs(char c) {
    return at < pattern.length() && pattern.charAt(at) == c;
  }

  private boolean take(char c) {
    if (peekIs(c)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw malformed("lacks a '" + c + "' at character " + at);
    }
  }

  private GrammarException malformed(String detail) {
    return budget.refusal(Kind.MALFORMED, "the pattern " + detail);
  }

  private GrammarException unsupported(String what) {
    return budget.refusal(Kind.UNSUPPORTED, "the pattern uses " + what);
  }
}
