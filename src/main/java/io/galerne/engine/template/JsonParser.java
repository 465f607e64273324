package io.galerne.engine.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads JSON text (RFC 8259) into whatever its builder makes. Of a key that is there twice the last
 * value counts, at the place of the first, as in Python. Nested at most 100 levels deep.
 */
final class JsonParser<T> {
  private static final int DEEPEST = 100;

  private final String text;
  private final Builder<T> builder;
  private int at;
  private int depth;

  /** Makes values of their parts. */
  interface Builder<T> {
    T string(String text);

    /** A number as written, and whether it is an integer. */
    T number(String digits, boolean isInteger);

    /** One of {@code true}, {@code false} and {@code null}. */
    T literal(String name);

    T list(List<T> items);

    T object(Map<String, T> entries);
  }

  private static final class NoJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoJsonException() {
      super("no JSON", null, false, false);
    }
  }

  private JsonParser(String text, Builder<T> builder) {
    this.text = text;
    this.builder = builder;
  }

  /** The value of a text, or empty if it isn't JSON as a whole. */
  static <T> Optional<T> parse(String text, Builder<T> builder) {
    JsonParser<T> parser = new JsonParser<>(text, builder);
    try {
      T value = parser.value();
      parser.skipSpace();
      return parser.at == text.length() ? Optional.of(value) : Optional.empty();
    } catch (NoJsonException _) {
      return Optional.empty();
    }
  }

  private T value() {
    skipSpace();
    return switch (peek()) {
      case '"' -> builder.string(string());
      case '{' -> object();
      case '[' -> list();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number();
    };
  }

  private T object() {
    enter();
    Map<String, T> entries = new LinkedHashMap<>();
    if (!skip('}')) {
      do {
        skipSpace();
        String key = string();
        expect(':');
        entries.put(key, value());
      } while (skip(','));
      expect('}');
    }
    depth--;
    return builder.object(entries);
  }

  private T list() {
    enter();
    List<T> items = new ArrayList<>();
    if (!skip(']')) {
      do {
        items.add(value());
      } while (skip(','));
      expect(']');
    }
    depth--;
    return builder.list(items);
  }

  private void enter() {
    at++;
    if (++depth > DEEPEST) {
      throw new NoJsonException();
    }
  }

  private T literal(String name) {
    if (!text.startsWith(name, at)) {
      throw new NoJsonException();
    }
    at += name.length();
    return builder.literal(name);
  }

  private T number() {
    int start = at;
    skipCharacter('-');
    int first = at;
    digits();
    if (text.charAt(first) == '0' && at > first + 1) {
      throw new NoJsonException();
    }
    boolean isInteger = true;
    if (skipCharacter('.')) {
      isInteger = false;
      digits();
    }
    if (skipCharacter('e') || skipCharacter('E')) {
      isInteger = false;
      if (!skipCharacter('-')) {
        skipCharacter('+');
      }
      digits();
    }
    return builder.number(text.substring(start, at), isInteger);
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw new NoJsonException();
    }
  }

  private String string() {
    if (!skipCharacter('"')) {
      throw new NoJsonException();
    }
    StringBuilder out = new StringBuilder();
    while (peek() != '"') {
      char character = text.charAt(at++);
      if (character < ' ') {
        throw new NoJsonException();
      }
      out.append(character == '\\' ? escaped() : character);
    }
    at++;
    return out.toString();
  }

  private char escaped() {
    char character = peek();
    at++;
    return switch (character) {
      case '"', '\\', '/' -> character;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> throw new NoJsonException();
    };
  }

  private char hexadecimal() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw new NoJsonException();
      }
      code = code << 4 | digit;
      at++;
    }
    return (char) code;
  }

  private char peek() {
    if (at >= text.length()) {
      throw new NoJsonException();
    }
    return text.charAt(at);
  }

  private void expect(char character) {
    if (!skip(character)) {
      throw new NoJsonException();
    }
  }

  private boolean skip(char character) {
    skipSpace();
    return skipCharacter(character);
  }

  private boolean skipCharacter(char character) {
    boolean found = at < text.length() && text.charAt(at) == character;
    at += found ? 1 : 0;
    return found;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }
}
