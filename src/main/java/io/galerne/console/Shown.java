package io.galerne.console;

import io.galerne.metering.PriceBook;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Currency;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** Amounts and times as a person reads them, in the language of the request. */
@Component("shown")
public class Shown {
  private static final int MICRO_SCALE = 6;
  private static final int PICO_SCALE = 12;
  private static final BigDecimal SMALL = BigDecimal.ONE;

  private final PriceBook prices;

  Shown(PriceBook prices) {
    this.prices = prices;
  }

  /** An amount in micro-units of the currency; small ones with all their digits. */
  public String money(long micros) {
    BigDecimal amount = BigDecimal.valueOf(micros, MICRO_SCALE);
    NumberFormat format = NumberFormat.getCurrencyInstance(locale());
    format.setCurrency(Currency.getInstance(prices.currency()));
    if (amount.abs().compareTo(SMALL) < 0 && amount.signum() != 0) {
      format.setMaximumFractionDigits(MICRO_SCALE);
    }
    return format.format(amount);
  }

  /** An exact cost in 1e-12 units, with all its digits. */
  public String exact(long picos) {
    NumberFormat format = NumberFormat.getCurrencyInstance(locale());
    format.setCurrency(Currency.getInstance(prices.currency()));
    format.setMaximumFractionDigits(PICO_SCALE);
    return format.format(BigDecimal.valueOf(picos, PICO_SCALE));
  }

  /** ISO 4217. */
  public String currency() {
    return prices.currency();
  }

  public String count(long number) {
    return NumberFormat.getIntegerInstance(locale()).format(number);
  }

  /** A moment, in UTC as bills are. */
  public String when(@Nullable Instant moment) {
    return moment == null
        ? "–"
        : DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(locale())
                .withZone(ZoneOffset.UTC)
                .format(moment)
            + " UTC";
  }

  /** The day (UTC) of a moment. */
  public String date(@Nullable Instant moment) {
    return moment == null ? "–" : day(LocalDate.ofInstant(moment, ZoneOffset.UTC));
  }

  public String day(@Nullable LocalDate day) {
    return day == null
        ? "–"
        : DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM).withLocale(locale()).format(day);
  }

  /** A month with its name; a text that is none stays as it is. */
  public String month(Object month) {
    try {
      return YearMonth.parse(month.toString())
          .format(DateTimeFormatter.ofPattern("LLLL uuuu", locale()));
    } catch (DateTimeException unreadable) {
      return month.toString();
    }
  }

  private static Locale locale() {
    return LocaleContextHolder.getLocale();
  }
}
