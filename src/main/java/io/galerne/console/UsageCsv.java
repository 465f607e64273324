package io.galerne.console;

import java.math.BigDecimal;
import java.util.List;

/**
 * Use as comma-separated values (RFC 4180). Names are what people chose: one that a spreadsheet
 * would take for a formula is made a text.
 */
final class UsageCsv {
  private static final String FORMULA_STARTS = "=+-@\t\r";
  private static final int MICRO_SCALE = 6;

  private UsageCsv() {}

  static String of(String by, List<UsagePage.Row> rows) {
    StringBuilder csv =
        new StringBuilder(by)
            .append(",requests,prompt_tokens,cached_prompt_tokens,completion_tokens,cost\r\n");
    for (UsagePage.Row row : rows) {
      csv.append(cell(row.name()))
          .append(',')
          .append(row.total().requests())
          .append(',')
          .append(row.total().promptTokens())
          .append(',')
          .append(row.total().cachedPromptTokens())
          .append(',')
          .append(row.total().completionTokens())
          .append(',')
          .append(BigDecimal.valueOf(row.total().costMicros(), MICRO_SCALE).toPlainString())
          .append("\r\n");
    }
    return csv.toString();
  }

  static String cell(String text) {
    String safe =
        !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
