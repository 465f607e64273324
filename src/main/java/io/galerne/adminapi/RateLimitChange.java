package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.audit.AuditEntry;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.limits.RateLimits;
import io.galerne.limits.RateLimits.TokenLimits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A change of rates as a body asks for it: what it names is set, or is no longer limited where it
 * says null; what it does not name stays.
 *
 * @param named the fields of the body with their new values
 */
record RateLimitChange(
    Map<String, @Nullable Object> named, Map<String, @Nullable TokenLimits> byModel)
    implements UnaryOperator<RateLimits> {
  private static final String PER_SECOND = "requests_per_second";
  private static final String BURST = "requests_burst";
  private static final String PER_MINUTE = "tokens_per_minute";
  private static final String PER_MONTH = "tokens_per_month";
  private static final String BY_MODEL = "tokens_limits_by_model";
  static final Set<String> FIELDS = Set.of(PER_SECOND, BURST, PER_MINUTE, PER_MONTH, BY_MODEL);

  private static final double RATE_MAX = 1_000_000;
  private static final int BURST_MAX = 1_000_000;
  private static final long TOKENS_MAX = 1_000_000_000_000_000L;
  private static final int MODELS_MAX = 100;

  /** The body in the document. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Body(
      @JsonProperty(PER_SECOND) @Nullable Double requestsPerSecond,
      @JsonProperty(BURST) @Nullable Integer requestsBurst,
      @JsonProperty(PER_MINUTE) @Nullable Long tokensPerMinute,
      @JsonProperty(PER_MONTH) @Nullable Long tokensPerMonth,
      @JsonProperty(BY_MODEL) @Nullable Map<String, RateLimitEntry.Tokens> tokensLimitsByModel) {}

  static RateLimitChange read(Fields fields, ModelCatalog catalog) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    put(named, fields, PER_SECOND, fields.rate(PER_SECOND, RATE_MAX));
    put(named, fields, BURST, fields.integer(BURST, 1, BURST_MAX));
    put(named, fields, PER_MINUTE, fields.integer(PER_MINUTE, 1, TOKENS_MAX));
    put(named, fields, PER_MONTH, fields.integer(PER_MONTH, 1, TOKENS_MAX));
    Map<String, @Nullable TokenLimits> byModel = new TreeMap<>();
    fields
        .objectsByName(
            BY_MODEL,
            MODELS_MAX,
            Set.of(PER_MINUTE, PER_MONTH),
            model ->
                new TokenLimits(
                    model.integer(PER_MINUTE, 1, TOKENS_MAX),
                    model.integer(PER_MONTH, 1, TOKENS_MAX)))
        .forEach((name, tokens) -> byModel.put(model(fields, catalog, name), tokens));
    return new RateLimitChange(named, byModel);
  }

  private static void put(
      Map<String, @Nullable Object> named, Fields fields, String field, @Nullable Object value) {
    if (fields.has(field)) {
      named.put(field, value);
    }
  }

  /** Limits are on models as the catalogue has them, whatever they are called. */
  private static String model(Fields fields, ModelCatalog catalog, String name) {
    return switch (catalog.resolve(name)) {
      case Resolution.Found(var card) -> card.id();
      case Resolution.Embedding(var card) -> card.id();
      case Resolution.Unknown _ -> {
        fields.wrong(BY_MODEL, "value_error", "There is no model " + name);
        yield "";
      }
    };
  }

  @Override
  public RateLimits apply(RateLimits before) {
    TreeMap<String, TokenLimits> models = new TreeMap<>(before.byModel());
    byModel.forEach(
        (model, tokens) -> {
          if (tokens == null) {
            models.remove(model);
          } else {
            models.put(model, tokens);
          }
        });
    Double perSecond = number(PER_SECOND, Double.class, before.requestsPerSecond());
    Long burst =
        number(
            BURST,
            Long.class,
            before.requestsBurst() == null ? null : before.requestsBurst().longValue());
    return new RateLimits(
        perSecond,
        perSecond == null || burst == null ? null : Integer.valueOf(burst.intValue()),
        number(PER_MINUTE, Long.class, before.tokensPerMinute()),
        number(PER_MONTH, Long.class, before.tokensPerMonth()),
        models);
  }

  private <T> @Nullable T number(String field, Class<T> type, @Nullable T before) {
    if (!named.containsKey(field)) {
      return before;
    }
    Object value = named.get(field);
    return value == null ? null : type.cast(value);
  }

  /** The entry with what is to change. */
  AuditEntry describe(AuditEntry entry) {
    AuditEntry described = entry;
    for (Map.Entry<String, @Nullable Object> field : named.entrySet()) {
      described = described.with(field.getKey(), noneIfNull(field.getValue()));
    }
    for (Map.Entry<String, @Nullable TokenLimits> model : byModel.entrySet()) {
      TokenLimits tokens = model.getValue();
      described =
          described.with(
              BY_MODEL + "." + model.getKey(),
              tokens == null
                  ? "none"
                  : Map.of(
                      PER_MINUTE, noneIfNull(tokens.perMinute()),
                      PER_MONTH, noneIfNull(tokens.perMonth())));
    }
    return described;
  }

  private static Object noneIfNull(@Nullable Object value) {
    return value == null ? "none" : value;
  }
}
