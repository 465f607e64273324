package io.galerne.engine.grammar.schema;

import java.nio.charset.StandardCharsets;

/** JSON strings as this engine spells them. */
public final class JsonText {
  private JsonText() {}

  /** A text in quotes, with the escapes it needs and no others. */
  public static byte[] quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < 0x20) {
            quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString().getBytes(StandardCharsets.UTF_8);
  }
}
