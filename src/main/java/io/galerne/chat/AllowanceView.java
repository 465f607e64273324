package io.galerne.chat;

import io.galerne.limits.SpendReport;
import io.galerne.metering.Cost;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is left, in words.
 *
 * @param left one for each cap
 */
record AllowanceView(List<Left> left) {
  private static final int MICROS_DIGITS = 6;

  /**
   * @param share of the cap that is left, from 0 to 1
   */
  record Left(String text, double share) {}

  static AllowanceView of(
      Allowance allowance,
      List<SpendReport.Spent> organisation,
      String currency,
      ChatWords words,
      Locale locale) {
    List<Left> left = new ArrayList<>();
    Caps caps = allowance.caps();
    add(left, "messages.day", caps.messagesPerDay(), allowance.messagesToday(), words, locale);
    add(left, "tokens.day", caps.tokensPerDay(), allowance.tokensToday(), words, locale);
    add(left, "tokens.month", caps.tokensPerMonth(), allowance.tokensThisMonth(), words, locale);
    Long spend = caps.spendMicrosPerMonth();
    if (spend != null) {
      long rest =
          Math.max(0, spend - Math.ceilDiv(allowance.picosThisMonth(), Cost.PICOS_PER_MICRO));
      String text =
          words.text(
              locale,
              "chat.left.spend",
              money(rest, currency, locale),
              money(spend, currency, locale));
      left.add(new Left(text, share(rest, spend)));
    }
    for (SpendReport.Spent spent : organisation) {
      long rest = Math.max(0, spent.capMicros() - spent.spentMicros());
      double share = share(rest, spent.capMicros());
      String key = "chat.left." + spent.scope();
      left.add(
          new Left(
              words.text(locale, key, NumberFormat.getPercentInstance(locale).format(share)),
              share));
    }
    return new AllowanceView(left);
  }

  private static void add(
      List<Left> all, String key, @Nullable Long cap, long used, ChatWords words, Locale locale) {
    if (cap != null) {
      long rest = Math.max(0, cap - used);
      all.add(new Left(words.text(locale, "chat.left." + key, rest, cap), share(rest, cap)));
    }
  }

  private static double share(long rest, long cap) {
    return cap == 0 ? 0 : (double) rest / cap;
  }

  private static String money(long micros, String currency, Locale locale) {
    NumberFormat format = NumberFormat.getCurrencyInstance(locale);
    format.setCurrency(Currency.getInstance(currency));
    return format.format(BigDecimal.valueOf(micros, MICROS_DIGITS));
  }
}
