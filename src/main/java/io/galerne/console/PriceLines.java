package io.galerne.console;

import io.galerne.metering.LedgerLine;
import io.galerne.metering.Price;
import io.galerne.metering.PriceBook;
import io.galerne.metering.Rates;
import io.galerne.metering.TokenCounts;
import java.util.List;
import org.springframework.stereotype.Component;

/** What a request's cost is made of, under the version of the price that it was charged with. */
@Component
class PriceLines {
  private final PriceBook prices;

  PriceLines(PriceBook prices) {
    this.prices = prices;
  }

  /**
   * Tokens of one kind.
   *
   * @param kind the key of its name
   * @param rate micro-units per million tokens
   */
  record Line(String kind, int tokens, long rate) {
    /** Exact, in 1e-12 units. */
    public long picos() {
      return tokens * rate;
    }
  }

  /** None where the model had no price. */
  List<Line> of(LedgerLine request) {
    return prices
        .version(request.pricedAs(), request.priceVersion())
        .map(price -> lines(request, price))
        .orElse(List.of());
  }

  private static List<Line> lines(LedgerLine request, Price price) {
    Rates rates = price.rates(request.serviceClass());
    TokenCounts tokens = request.tokens();
    return List.of(
        new Line("requests.price.input", tokens.uncachedPrompt(), rates.input()),
        new Line("requests.price.cached", tokens.cachedPrompt(), rates.cachedInput()),
        new Line("requests.price.output", tokens.completion(), rates.output()));
  }
}
