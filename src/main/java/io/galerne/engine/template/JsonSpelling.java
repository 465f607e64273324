package io.galerne.engine.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Python's {@code json.dumps(..., ensure_ascii=False)} spells it, which is what models are
 * trained on: a blank after commas and colons, characters beyond ASCII as they are.
 */
final class JsonSpelling implements JsonParser.Builder<String> {
  private static final JsonSpelling SPELLING = new JsonSpelling();
  private static final int MOST_DIGITS = 4300;

  private JsonSpelling() {}

  /** A JSON text spelled so; a text that isn't JSON as a JSON string. */
  static String of(String text) {
    // No JSON by its standard, but Python reads and writes them.
    String word = text.strip();
    if (word.equals("NaN") || word.equals("Infinity") || word.equals("-Infinity")) {
      return word;
    }
    return JsonParser.parse(text, SPELLING).orElseGet(() -> quote(text));
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      String escape = escape(character);
      if (escape == null) {
        out.append(character);
      } else {
        out.append(escape);
      }
    }
    return out.append('"').toString();
  }

  /** What stands for a character within quotes, or null if it stands for itself. */
  static @Nullable String escape(char character) {
    return switch (character) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default -> character < ' ' ? "\\u%04x".formatted((int) character) : null;
    };
  }

  @Override
  public String string(String text) {
    return quote(text);
  }

  @Override
  public String number(String digits, boolean isInteger) {
    if (!isInteger) {
      double number = Double.parseDouble(digits);
      return Double.isInfinite(number)
          ? (number < 0 ? "-Infinity" : "Infinity")
          : Printer.real(number);
    }
    // Python knows no negative zero among its integers, nor more digits than these.
    if (digits.length() > MOST_DIGITS) {
      throw new TemplateException("a number has more than " + MOST_DIGITS + " digits");
    }
    return new BigInteger(digits).toString();
  }

  @Override
  public String literal(String name) {
    return name;
  }

  @Override
  public String list(List<String> items) {
    return "[" + String.join(", ", items) + "]";
  }

  @Override
  public String object(Map<String, String> entries) {
    return entries.entrySet().stream()
        .map(entry -> quote(entry.getKey()) + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
