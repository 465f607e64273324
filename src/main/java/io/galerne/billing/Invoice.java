package io.galerne.billing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A month's invoice. Prices are micro-units per million tokens, amounts micro-units.
 *
 * @param period the first day of the month (UTC)
 * @param cutoff lines of the ledger before this number are in it, or in an earlier one
 * @param closedAt null while the month is open: then the numbers still grow
 * @param totalMicros the sum of the lines' amounts
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Invoice(
    @JsonProperty("organization_id") UUID tenantId,
    LocalDate period,
    @JsonProperty("period_end") LocalDate periodEnd,
    String currency,
    long cutoff,
    @JsonProperty("closed_at") @Nullable Instant closedAt,
    List<InvoiceLine> lines,
    @JsonProperty("total_micros") long totalMicros) {
  public Invoice {
    lines = List.copyOf(lines);
  }

  public boolean closed() {
    return closedAt != null;
  }
}
