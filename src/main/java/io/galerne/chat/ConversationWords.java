package io.galerne.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was written about a conversation.
 *
 * @param system the system prompt, empty for none
 * @param format {@code text} or {@code json}
 * @param tools JSON text of tools that the model may call, empty for none
 * @param answerTokens the longest answer, null for as long as may be
 */
record ConversationWords(
    String title, String system, String format, String tools, @Nullable Integer answerTokens) {
  static final int TITLE_CHARS_MAX = 120;
  static final int SYSTEM_CHARS_MAX = 8000;
  static final int TOOLS_CHARS_MAX = 8000;
  static final String TEXT = "text";
  static final String JSON = "json";
  static final List<String> FORMATS = List.of(TEXT, JSON);
  private static final int TITLE_OF_QUESTION_CHARS = 60;

  ConversationWords withTitle(String other) {
    return new ConversationWords(other, system, format, tools, answerTokens);
  }

  /** The beginning of a conversation's first question. */
  static String titleOf(String question) {
    String line = question.strip().lines().findFirst().orElse("").strip();
    if (line.codePointCount(0, line.length()) <= TITLE_OF_QUESTION_CHARS) {
      return line;
    }
    int end = line.offsetByCodePoints(0, TITLE_OF_QUESTION_CHARS - 1);
    int space = line.lastIndexOf(' ', end);
    return line.substring(0, space > end / 2 ? space : end) + "…";
  }
}
