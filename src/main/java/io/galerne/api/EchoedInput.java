package io.galerne.api;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** What of a client's own input is repeated to it: little, and only text that can be encoded. */
final class EchoedInput {
  private static final int TEXT_MAX = 200;
  private static final int JSON_MAX = 1_000;

  private EchoedInput() {}

  static @Nullable JsonNode of(@Nullable JsonNode input) {
    if (input == null) {
      return null;
    }
    if (input.isString()) {
      return StringNode.valueOf(text(input.stringValue()));
    }
    if (!input.isContainer()) {
      return input;
    }
    return isShort(input, JSON_MAX) && isWellFormed(input.toString()) ? input : null;
  }

  static String text(String text) {
    String cut = text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
    return isWellFormed(cut) ? cut : replaceLoneSurrogates(cut);
  }

  /** Whether every surrogate has its partner, so that the text has a UTF-8 form. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static String replaceLoneSurrogates(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  /** Counts nodes before anything is written out, so that a large input costs nothing here. */
  private static boolean isShort(JsonNode node, int max) {
    return weight(node, max) <= max;
  }

  private static int weight(JsonNode node, int max) {
    if (!node.isContainer()) {
      return node.isString() ? node.stringValue().length() + 2 : 4;
    }
    int weight = 2;
    for (JsonNode child : node) {
      weight += weight(child, max);
      if (weight > max) {
        return weight;
      }
    }
    if (node.isObject()) {
      for (String name : node.propertyNames()) {
        weight += name.length() + 3;
      }
    }
    return weight;
  }
}
