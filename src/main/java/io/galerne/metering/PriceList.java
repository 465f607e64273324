package io.galerne.metering;

import java.time.Instant;

/** What use of the models costs. Answers come from memory, also while the database is away. */
public interface PriceList {
  /**
   * The price of a request.
   *
   * @param pricedAs the model's id in the catalogue, not an alias
   * @param startedAt when the request began. A version takes effect a while after it was made, so
   *     that all instances know it by then and give one answer for one moment.
   */
  Price priceOf(String pricedAs, Instant startedAt);
}
