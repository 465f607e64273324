package io.galerne.billing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tables as CSV (RFC 4180). A field that a spreadsheet would take for a formula gets an apostrophe
 * in front, as OWASP advises; numbers of ours stay numbers.
 */
public final class InvoiceCsv {
  private InvoiceCsv() {}

  /** An invoice, one row for each line and one for the total. */
  public static String of(Invoice invoice) {
    List<String> rows = new ArrayList<>();
    rows.add(
        "line,kind,period,workspace_id,model,service,service_class,price_version,requests,"
            + "prompt_tokens,cached_prompt_tokens,completion_tokens,amount,currency,reason");
    for (InvoiceLine line : invoice.lines()) {
      rows.add(
          row(
              line.line(),
              line.kind(),
              line.period(),
              line.workspaceId(),
              line.model(),
              line.service(),
              line.serviceClass(),
              line.priceVersion(),
              line.requests(),
              line.promptTokens(),
              line.cachedPromptTokens(),
              line.completionTokens(),
              money(line.amountMicros()),
              invoice.currency(),
              line.reason()));
    }
    rows.add(
        row(
            "total",
            null,
            invoice.period(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            money(invoice.totalMicros()),
            invoice.currency(),
            null));
    return String.join("\r\n", rows) + "\r\n";
  }

  /** One row. Text is escaped, everything else is taken as it is. */
  public static String row(@Nullable Object... fields) {
    return Arrays.stream(fields).map(InvoiceCsv::field).collect(Collectors.joining(","));
  }

  /** Micro-units as units with six decimals. */
  public static BigDecimal money(long micros) {
    return BigDecimal.valueOf(micros, 6);
  }

  private static String field(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal number -> number.toPlainString();
      case Number number -> number.toString();
      default -> escaped(value.toString());
    };
  }

  private static String escaped(String text) {
    String safe = !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }
}
