package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.limits.RateLimitDesk;
import io.galerne.limits.RateLimits;
import io.galerne.limits.RateLimits.TokenLimits;
import io.galerne.limits.Scope;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rates that hold, on the wire: the contract's two fields, and ours. Null is no limit.
 *
 * @param requestsPerSecond a whole number where it is one
 * @param tokensLimitsByModel of each model of the catalogue
 * @param own what was set here, apart from what the plan and the wider scopes say
 */
record RateLimitEntry(
    @JsonProperty("requests_per_second") @Nullable Number requestsPerSecond,
    @JsonProperty("tokens_limits_by_model") Map<String, Tokens> tokensLimitsByModel,
    @JsonProperty("requests_burst") @Nullable Integer requestsBurst,
    @JsonProperty("tokens_per_minute") @Nullable Long tokensPerMinute,
    @JsonProperty("tokens_per_month") @Nullable Long tokensPerMonth,
    String plan,
    @JsonProperty("plan_version") int planVersion,
    String scope,
    Own own) {
  record Tokens(
      @JsonProperty("tokens_per_minute") @Nullable Long tokensPerMinute,
      @JsonProperty("tokens_per_month") @Nullable Long tokensPerMonth) {
    static Tokens of(TokenLimits tokens) {
      return new Tokens(tokens.perMinute(), tokens.perMonth());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Own(
      @JsonProperty("requests_per_second") @Nullable Number requestsPerSecond,
      @JsonProperty("requests_burst") @Nullable Integer requestsBurst,
      @JsonProperty("tokens_per_minute") @Nullable Long tokensPerMinute,
      @JsonProperty("tokens_per_month") @Nullable Long tokensPerMonth,
      @JsonProperty("tokens_limits_by_model") Map<String, Tokens> tokensLimitsByModel) {
    static Own of(RateLimits own) {
      Map<String, Tokens> byModel = new TreeMap<>();
      own.byModel().forEach((model, tokens) -> byModel.put(model, Tokens.of(tokens)));
      return new Own(
          whole(own.requestsPerSecond()),
          own.requestsBurst(),
          own.tokensPerMinute(),
          own.tokensPerMonth(),
          byModel);
    }
  }

  static RateLimitEntry of(Scope scope, RateLimitDesk.InForce inForce, ModelCatalog catalog) {
    RateLimits limits = inForce.effective();
    Map<String, Tokens> byModel = new TreeMap<>();
    Stream.concat(
            catalog.cards().stream().map(ModelCard::id),
            catalog.embeddingCards().stream().map(EmbeddingCard::id))
        .forEach(model -> byModel.put(model, Tokens.of(limits.of(model))));
    return new RateLimitEntry(
        whole(limits.requestsPerSecond()),
        byModel,
        limits.requestsBurst(),
        limits.tokensPerMinute(),
        limits.tokensPerMonth(),
        inForce.plan(),
        inForce.planVersion(),
        scope.toString(),
        Own.of(inForce.own()));
  }

  /** The contract knows whole numbers only; a client for it reads no 5.0. */
  private static @Nullable Number whole(@Nullable Double number) {
    if (number == null) {
      return null;
    }
    long rounded = Math.round(number);
    return rounded == number ? (Number) Long.valueOf(rounded) : number;
  }
}
