package io.galerne.moderation.scan;

import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The named sets of characters of RE2's syntax. */
final class RegexClasses {
  private static final Map<String, IntPredicate> POSIX =
      Map.ofEntries(
          Map.entry("alnum", RegexClasses::isAlphanumeric),
          Map.entry("alpha", RegexClasses::isAlpha),
          Map.entry("ascii", c -> c < 128),
          Map.entry("blank", c -> c == ' ' || c == '\t'),
          Map.entry("cntrl", c -> c < ' ' || c == 127),
          Map.entry("digit", RegexClasses::isDigit),
          Map.entry("graph", RegexClasses::isGraph),
          Map.entry("lower", RegexClasses::isLower),
          Map.entry("print", c -> isGraph(c) || c == ' '),
          Map.entry("punct", c -> isGraph(c) && !isAlphanumeric(c)),
          Map.entry("space", c -> isSpace(c) || c == 11),
          Map.entry("upper", RegexClasses::isUpper),
          Map.entry("word", RegexNode.Assertion::isWord),
          Map.entry("xdigit", c -> isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')));

  private static final Map<String, IntPredicate> CATEGORIES =
      Map.ofEntries(
          Map.entry("Any", c -> true),
          Map.entry("L", Character::isLetter),
          Map.entry("Lu", type(Character.UPPERCASE_LETTER)),
          Map.entry("Ll", type(Character.LOWERCASE_LETTER)),
          Map.entry("Lt", type(Character.TITLECASE_LETTER)),
          Map.entry("Lm", type(Character.MODIFIER_LETTER)),
          Map.entry("Lo", type(Character.OTHER_LETTER)),
          Map.entry(
              "M",
              type(
                  Character.NON_SPACING_MARK,
                  Character.ENCLOSING_MARK,
                  Character.COMBINING_SPACING_MARK)),
          Map.entry("Mn", type(Character.NON_SPACING_MARK)),
          Map.entry("Me", type(Character.ENCLOSING_MARK)),
          Map.entry("Mc", type(Character.COMBINING_SPACING_MARK)),
          Map.entry(
              "N",
              type(
                  Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER)),
          Map.entry("Nd", type(Character.DECIMAL_DIGIT_NUMBER)),
          Map.entry("Nl", type(Character.LETTER_NUMBER)),
          Map.entry("No", type(Character.OTHER_NUMBER)),
          Map.entry(
              "P",
              type(
                  Character.CONNECTOR_PUNCTUATION,
                  Character.DASH_PUNCTUATION,
                  Character.START_PUNCTUATION,
                  Character.END_PUNCTUATION,
                  Character.INITIAL_QUOTE_PUNCTUATION,
                  Character.FINAL_QUOTE_PUNCTUATION,
                  Character.OTHER_PUNCTUATION)),
          Map.entry(
              "S",
              type(
                  Character.MATH_SYMBOL,
                  Character.CURRENCY_SYMBOL,
                  Character.MODIFIER_SYMBOL,
                  Character.OTHER_SYMBOL)),
          Map.entry("Sc", type(Character.CURRENCY_SYMBOL)),
          Map.entry("Sm", type(Character.MATH_SYMBOL)),
          Map.entry(
              "Z",
              type(
                  Character.SPACE_SEPARATOR,
                  Character.LINE_SEPARATOR,
                  Character.PARAGRAPH_SEPARATOR)),
          Map.entry("Zs", type(Character.SPACE_SEPARATOR)));

  private RegexClasses() {}

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
  }

  private static boolean isUpper(int c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isLower(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isAlpha(int c) {
    return isUpper(c) || isLower(c);
  }

  private static boolean isGraph(int c) {
    return c > ' ' && c < 127;
  }

  private static boolean isAlphanumeric(int c) {
    return isAlpha(c) || isDigit(c);
  }

  private static IntPredicate type(int... types) {
    int mask = 0;
    for (int type : types) {
      mask |= 1 << type;
    }
    int wanted = mask;
    return c -> (wanted >>> Character.getType(c) & 1) != 0;
  }

  /** The class of an escape like {@code \d}, or null. */
  static @Nullable IntPredicate escape(char letter) {
    return switch (letter) {
      case 'd' -> RegexClasses::isDigit;
      case 'D' -> c -> !isDigit(c);
      case 's' -> RegexClasses::isSpace;
      case 'S' -> c -> !isSpace(c);
      case 'w' -> RegexNode.Assertion::isWord;
      case 'W' -> c -> !RegexNode.Assertion.isWord(c);
      default -> null;
    };
  }

  static IntPredicate posix(String name) {
    boolean negated = name.startsWith("^");
    IntPredicate members = POSIX.get(negated ? name.substring(1) : name);
    if (members == null) {
      throw new PatternException("unknown class [:" + name + ":]");
    }
    return negated ? members.negate() : members;
  }

  /** A general category or a script. */
  static IntPredicate unicode(String name) {
    boolean negated = name.startsWith("^");
    String plain = negated ? name.substring(1) : name;
    IntPredicate members = CATEGORIES.get(plain);
    if (members == null) {
      Character.UnicodeScript script;
      try {
        script = Character.UnicodeScript.forName(plain.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new PatternException("\\p{" + plain + "} is not supported");
      }
      members = c -> Character.UnicodeScript.of(c) == script;
    }
    return negated ? members.negate() : members;
  }
}
