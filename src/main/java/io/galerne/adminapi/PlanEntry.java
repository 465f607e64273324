package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.limits.PlanDetails;
import io.galerne.limits.PlanTerms;
import io.galerne.limits.RateLimits.TokenLimits;
import io.galerne.limits.SpendLimitDesk;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A plan on the wire. */
record PlanEntry(
    String name,
    int version,
    @JsonProperty("requests_per_second") @Nullable Double requestsPerSecond,
    @JsonProperty("requests_burst") @Nullable Integer requestsBurst,
    @JsonProperty("tokens_per_minute") @Nullable Long tokensPerMinute,
    @JsonProperty("tokens_per_month") @Nullable Long tokensPerMonth,
    @JsonProperty("spend_cap_micros") @Nullable Long spendCapMicros,
    double weight,
    @JsonProperty("waiting_share") @Nullable Double waitingShare,
    Map<String, RateLimitEntry.Tokens> models,
    @JsonProperty("created_at") Instant createdAt) {
  static final Set<String> TERMS =
      Set.of(
          "requests_per_second",
          "requests_burst",
          "tokens_per_minute",
          "tokens_per_month",
          "spend_cap_micros",
          "weight",
          "waiting_share",
          "models");

  static PlanEntry of(PlanDetails plan) {
    PlanTerms terms = plan.terms();
    Map<String, RateLimitEntry.Tokens> models = new TreeMap<>();
    terms.byModel().forEach((model, tokens) -> models.put(model, RateLimitEntry.Tokens.of(tokens)));
    return new PlanEntry(
        plan.id(),
        plan.version(),
        terms.requestsPerSecond(),
        terms.requestsBurst(),
        terms.tokensPerMinute(),
        terms.tokensPerMonth(),
        terms.spendCapMicros(),
        terms.weight(),
        terms.waitingShare(),
        models,
        plan.createdAt());
  }

  /** The terms of a body; what it does not name is not limited, and weighs 1. */
  static PlanTerms terms(Fields fields) {
    Long burst = fields.integer("requests_burst", 1, PlanTerms.BURST_MAX);
    Double weight = fields.rate("weight", PlanTerms.WEIGHT_MAX);
    Map<String, TokenLimits> models = new TreeMap<>();
    fields
        .objectsByName(
            "models",
            PlanTerms.MODELS_MAX,
            Set.of("tokens_per_minute", "tokens_per_month"),
            PlanEntry::tokens)
        .forEach(
            (model, tokens) -> {
              if (tokens != null) {
                models.put(model, tokens);
              }
            });
    PlanTerms terms =
        new PlanTerms(
            fields.rate("requests_per_second", PlanTerms.RATE_MAX),
            burst == null ? null : burst.intValue(),
            fields.integer("tokens_per_minute", 1, PlanTerms.TOKENS_MAX),
            fields.integer("tokens_per_month", 1, PlanTerms.TOKENS_MAX),
            fields.integer("spend_cap_micros", 0, SpendLimitDesk.CAP_MICROS_MAX),
            weight == null ? 1 : weight,
            fields.rate("waiting_share", 1),
            new TreeMap<>(models));
    terms
        .problems()
        .forEach(problem -> fields.wrong(problem.field(), "value_error", problem.message()));
    return terms;
  }

  private static TokenLimits tokens(Fields fields) {
    return new TokenLimits(
        fields.integer("tokens_per_minute", 1, PlanTerms.TOKENS_MAX),
        fields.integer("tokens_per_month", 1, PlanTerms.TOKENS_MAX));
  }
}
