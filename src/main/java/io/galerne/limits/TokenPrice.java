package io.galerne.limits;

import io.galerne.metering.PriceList;
import io.galerne.metering.Rates;

/** The most that a token costs, in 1e-12 units of the currency, which are whole numbers. */
record TokenPrice(long input, long output) {
  /** What the cache will have of the prompt isn't known yet: the dearer of the two rates counts. */
  static TokenPrice of(PriceList prices, Demand demand) {
    Rates rates =
        prices.priceOf(demand.model(), demand.startedAt()).rates(demand.source().serviceClass());
    return new TokenPrice(Math.max(rates.input(), rates.cachedInput()), rates.output());
  }

  long cost(long promptTokens, long completionTokens) {
    return Math.addExact(
        Math.multiplyExact(promptTokens, input), Math.multiplyExact(completionTokens, output));
  }
}
