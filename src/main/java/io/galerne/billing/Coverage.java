package io.galerne.billing;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of the ledger an invoice covers: those of days before its end with numbers before its
 * cutoff, less those that the invoice before it covers. So each line is in one invoice.
 *
 * @param from the first day that counts at all
 * @param end the day after its month
 * @param previousEnd the same of the invoice before, null if there is none
 */
record Coverage(
    LocalDate period,
    LocalDate from,
    LocalDate end,
    long cutoff,
    @Nullable LocalDate previousEnd,
    long previousCutoff) {
  /** Needs the parameters of {@link InvoiceLines}. */
  static final String CONDITION =
      """
      tenant_id = :tenant and number < :cutoff and usage_day >= :from and usage_day < :end
      and (usage_day >= :previousEnd or number >= :previousCutoff)
      """;

  private static final LocalDate EVER = LocalDate.of(1970, 1, 1);

  /** Whether no line is too new for it. */
  boolean isOpen() {
    return cutoff == Long.MAX_VALUE;
  }

  LocalDate previousEndOrNever() {
    return previousEnd == null ? EVER : previousEnd;
  }

  /** What an invoice covers that is closed with this cutoff. */
  static Coverage of(LocalDate period, long cutoff, @Nullable Closed previous) {
    return of(period, EVER, cutoff, previous);
  }

  /** What an open month would be billed: its own days only, while the month before is open too. */
  static Coverage preview(LocalDate period, @Nullable Closed previous) {
    boolean next = previous != null && previous.period().plusMonths(1).equals(period);
    return of(period, next ? EVER : period, Long.MAX_VALUE, previous);
  }

  private static Coverage of(
      LocalDate period, LocalDate from, long cutoff, @Nullable Closed previous) {
    return new Coverage(
        period,
        from,
        period.plusMonths(1),
        cutoff,
        previous == null ? null : previous.period().plusMonths(1),
        previous == null ? 0 : previous.cutoff());
  }

  /** What there is to know of a closed invoice to go on from it. */
  record Closed(LocalDate period, long cutoff) {}
}
