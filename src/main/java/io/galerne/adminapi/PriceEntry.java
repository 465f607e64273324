package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.metering.Price;
import io.galerne.metering.Rates;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A version of a price on the wire: micro-units per million tokens. */
record PriceEntry(
    @Nullable Long version,
    String model,
    @JsonProperty("input") long input,
    @JsonProperty("cached_input") long cachedInput,
    @JsonProperty("output") long output,
    Batch batch,
    @JsonProperty("effective_from") Instant effectiveFrom) {
  record Batch(long input, @JsonProperty("cached_input") long cachedInput, long output) {
    static Batch of(Rates rates) {
      return new Batch(rates.input(), rates.cachedInput(), rates.output());
    }
  }

  static PriceEntry of(Price price) {
    Rates rates = price.realtime();
    return new PriceEntry(
        price.version(),
        price.model(),
        rates.input(),
        rates.cachedInput(),
        rates.output(),
        Batch.of(price.batch()),
        price.effectiveFrom());
  }
}
