package io.galerne.engine.template;

import io.galerne.engine.template.Lexeme.Kind;
import java.util.List;

/** Reads one name, number, string or operator within a tag. */
final class ExpressionLexer {
  private static final List<String> LONG_OPERATORS = List.of("**", "//", "==", "!=", ">=", "<=");
  private static final String SHORT_OPERATORS = "+-/*%~[](){}><=.:|,";

  private ExpressionLexer() {}

  /**
   * Where reading goes on.
   *
   * @param bracket 1 after an opening bracket, -1 after a closing one, else 0
   */
  record Read(int end, int bracket) {}

  static Read read(String source, int start, List<Lexeme> lexemes, int line) {
    char first = source.charAt(start);
    if (first == '\'' || first == '"') {
      return new Read(readString(source, start, lexemes, line), 0);
    }
    if (isDigit(first)) {
      return new Read(readNumber(source, start, lexemes, line), 0);
    }
    if (Character.isUnicodeIdentifierStart(first) || first == '_') {
      int end = start + 1;
      while (end < source.length() && Character.isUnicodeIdentifierPart(source.charAt(end))) {
        end++;
      }
      lexemes.add(new Lexeme(Kind.NAME, source.substring(start, end), line));
      return new Read(end, 0);
    }
    for (String operator : LONG_OPERATORS) {
      if (source.startsWith(operator, start)) {
        lexemes.add(new Lexeme(Kind.OPERATOR, operator, line));
        return new Read(start + 2, 0);
      }
    }
    if (SHORT_OPERATORS.indexOf(first) < 0) {
      throw new TemplateException("template line " + line + ": unexpected character " + first);
    }
    lexemes.add(new Lexeme(Kind.OPERATOR, String.valueOf(first), line));
    boolean opens = "([{".indexOf(first) >= 0;
    boolean closes = ")]}".indexOf(first) >= 0;
    return new Read(start + 1, opens ? 1 : closes ? -1 : 0);
  }

  private static int readNumber(String source, int start, List<Lexeme> lexemes, int line) {
    boolean isIndex = !lexemes.isEmpty() && lexemes.getLast().is(Kind.OPERATOR, ".");
    int end = digitsEnd(source, start);
    Kind kind = Kind.INTEGER;
    if (!isIndex && source.startsWith(".", end) && isDigitAt(source, end + 1)) {
      end = digitsEnd(source, end + 1);
      kind = Kind.REAL;
    }
    if (!isIndex && (source.startsWith("e", end) || source.startsWith("E", end))) {
      int digits = end + 1;
      if (source.startsWith("+", digits) || source.startsWith("-", digits)) {
        digits++;
      }
      if (isDigitAt(source, digits)) {
        end = digitsEnd(source, digits);
        kind = Kind.REAL;
      }
    }
    lexemes.add(new Lexeme(kind, source.substring(start, end).replace("_", ""), line));
    return end;
  }

  private static int digitsEnd(String source, int from) {
    int end = from;
    while (isDigitAt(source, end) || (source.startsWith("_", end) && isDigitAt(source, end + 1))) {
      end++;
    }
    return end;
  }

  private static boolean isDigitAt(String source, int at) {
    return at < source.length() && isDigit(source.charAt(at));
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private static int readString(String source, int start, List<Lexeme> lexemes, int line) {
    char quote = source.charAt(start);
    StringBuilder text = new StringBuilder();
    int at = start + 1;
    while (at < source.length() && source.charAt(at) != quote) {
      if (source.charAt(at) == '\\' && at + 1 < source.length()) {
        at = readEscape(source, at + 1, text, line);
      } else {
        text.append(source.charAt(at++));
      }
    }
    if (at >= source.length()) {
      throw new TemplateException("template line " + line + ": a string is not closed");
    }
    lexemes.add(new Lexeme(Kind.STRING, text.toString(), line));
    return at + 1;
  }

  /** Python's escapes; what is none of them stays as it is, with the backslash. */
  private static int readEscape(String source, int at, StringBuilder text, int line) {
    char escape = source.charAt(at);
    switch (escape) {
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case 'r' -> text.append('\r');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case '\\', '\'', '"' -> text.append(escape);
      case '\n' -> {}
      case 'x' -> {
        return readCodePoint(source, at, 2, text, line);
      }
      case 'u' -> {
        return readCodePoint(source, at, 4, text, line);
      }
      case 'U' -> {
        return readCodePoint(source, at, 8, text, line);
      }
      default -> text.append('\\').append(escape);
    }
    return at + 1;
  }

  private static int readCodePoint(
      String source, int at, int digits, StringBuilder text, int line) {
    int end = at + 1 + digits;
    try {
      text.appendCodePoint(Integer.parseInt(source, at + 1, end, 16));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      throw new TemplateException(
          "template line " + line + ": an escape needs " + digits + " hexadecimal digits");
    }
    return end;
  }
}
