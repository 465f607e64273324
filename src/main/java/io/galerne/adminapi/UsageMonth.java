package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.metering.Cost;
import io.galerne.metering.Price;
import io.galerne.metering.Rates;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.UsageTotal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A month's use in the contract's shape. All that Galerne serves counts in tokens, so it is under
 * {@code completion}; what it doesn't serve is there and empty.
 *
 * @param vibeUsage of a product that is not part of Galerne
 * @param totalCostMicros ours: what all of it costs
 */
record UsageMonth(
    Models completion,
    Models chat,
    Models ocr,
    Models connectors,
    @JsonProperty("libraries_api") Libraries librariesApi,
    @JsonProperty("fine_tuning") FineTuning fineTuning,
    Models audio,
    @JsonProperty("audio_characters") Models audioCharacters,
    @JsonProperty("vibe_usage") int vibeUsage,
    @JsonProperty("vibe_code") VibeCode vibeCode,
    Instant date,
    @JsonProperty("previous_month") String previousMonth,
    @JsonProperty("next_month") @Nullable String nextMonth,
    @JsonProperty("start_date") Instant startDate,
    @JsonProperty("end_date") Instant endDate,
    String currency,
    @JsonProperty("currency_symbol") String currencySymbol,
    List<PriceData> prices,
    @JsonProperty("total_cost_micros") long totalCostMicros) {
  private static final String TOKENS = "api_tokens";
  private static final String INPUT = "input";
  private static final String CACHED = "cached";
  private static final String OUTPUT = "output";
  private static final int TOKEN_SCALE = 12;

  /** By model, then by what was counted: a number for each day. */
  record Models(Map<String, Map<String, List<Counted>>> models) {
    static final Models NONE = new Models(Map.of());
  }

  record Libraries(
      Models pages, Models tokens, @JsonProperty("audio_seconds") Models audioSeconds) {}

  record FineTuning(Map<String, Map<String, List<Counted>>> training, Map<String, Long> storage) {}

  record VibeCode(
      Models completion,
      Models ocr,
      Models connectors,
      Models audio,
      @JsonProperty("audio_characters") Models audioCharacters) {}

  /**
   * What was counted on a day.
   *
   * @param serviceClass ours: {@code realtime}, or {@code batch} at its own price
   */
  record Counted(
      @JsonProperty("usage_type") String usageType,
      @JsonProperty("event_type") String eventType,
      @JsonProperty("billing_metric") String billingMetric,
      @JsonProperty("billing_display_name") String billingDisplayName,
      @JsonProperty("billing_group") String billingGroup,
      LocalDate timestamp,
      long value,
      @JsonProperty("value_paid") long valuePaid,
      @JsonProperty("service_class") String serviceClass) {}

  /** The price of one token, as a decimal number in a text. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record PriceData(
      @JsonProperty("event_type") String eventType,
      @JsonProperty("billing_metric") String billingMetric,
      @JsonProperty("billing_group") String billingGroup,
      @JsonProperty("api_zone") String apiZone,
      @JsonProperty("service_tier") String serviceTier,
      String price) {}

  static UsageMonth of(
      YearMonth month, Instant now, List<UsageTotal> days, List<Price> prices, String currency) {
    YearMonth present = YearMonth.from(now.atZone(ZoneOffset.UTC));
    return new UsageMonth(
        completion(days),
        Models.NONE,
        Models.NONE,
        Models.NONE,
        new Libraries(Models.NONE, Models.NONE, Models.NONE),
        new FineTuning(Map.of(), Map.of()),
        Models.NONE,
        Models.NONE,
        0,
        new VibeCode(Models.NONE, Models.NONE, Models.NONE, Models.NONE, Models.NONE),
        now,
        month.minusMonths(1).toString(),
        month.isBefore(present) ? month.plusMonths(1).toString() : null,
        start(month),
        start(month.plusMonths(1)).minusMillis(1),
        currency,
        symbol(currency),
        prices.stream().flatMap(price -> prices(price).stream()).toList(),
        total(days));
  }

  /** A currency that Java doesn't know is its own symbol. */
  private static String symbol(String code) {
    return Currency.getAvailableCurrencies().stream()
        .filter(currency -> currency.getCurrencyCode().equals(code))
        .findFirst()
        .map(currency -> currency.getSymbol(Locale.US))
        .orElse(code);
  }

  private static Instant start(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static long total(List<UsageTotal> days) {
    BigInteger picos =
        days.stream().map(UsageTotal::costPicos).reduce(BigInteger.ZERO, BigInteger::add);
    return Cost.micros(picos);
  }

  private static Models completion(List<UsageTotal> days) {
    Map<String, Map<String, List<Counted>>> models = new TreeMap<>();
    for (UsageTotal day : days) {
      add(models, day, INPUT, day.promptTokens() - day.cachedPromptTokens());
      add(models, day, CACHED, day.cachedPromptTokens());
      add(models, day, OUTPUT, day.completionTokens());
    }
    return new Models(models);
  }

  private static void add(
      Map<String, Map<String, List<Counted>>> models, UsageTotal day, String group, long tokens) {
    String model = day.model();
    LocalDate date = day.day();
    ServiceClass serviceClass = day.serviceClass();
    if (tokens == 0 || model == null || date == null || serviceClass == null) {
      return;
    }
    models
        .computeIfAbsent(model, _ -> new TreeMap<>())
        .computeIfAbsent(group, _ -> new ArrayList<>())
        .add(
            new Counted(
                "completion",
                TOKENS,
                model,
                model,
                group,
                date,
                tokens,
                tokens,
                serviceClass.name().toLowerCase(Locale.ROOT)));
  }

  private static List<PriceData> prices(Price price) {
    Rates rates = price.realtime();
    return List.of(
        price(price.model(), INPUT, rates.input()),
        price(price.model(), CACHED, rates.cachedInput()),
        price(price.model(), OUTPUT, rates.output()));
  }

  private static PriceData price(String model, String group, long picos) {
    return new PriceData(
        TOKENS,
        model,
        group,
        "global",
        "standard",
        BigDecimal.valueOf(picos, TOKEN_SCALE).stripTrailingZeros().toPlainString());
  }
}
