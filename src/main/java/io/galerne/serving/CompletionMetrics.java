package io.galerne.serving;

import io.galerne.catalog.ModelCard;
import io.galerne.metering.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Counts requests and tokens by model; never by tenant, whose number has no bound. */
final class CompletionMetrics {
  private final MeterRegistry meters;

  CompletionMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  void completed(ModelCard card, UsageRecord usage) {
    request(card.id(), usage.outcome().name().toLowerCase(Locale.ROOT));
    tokens(card, "prompt", usage.promptTokens());
    tokens(card, "completion", usage.completionTokens());
  }

  /** A request that never ran; the name of an unknown model is the client's and is not counted. */
  void refused(String model, String outcome) {
    request(model, outcome);
  }

  void firstToken(ModelCard card, Instant startedAt) {
    Timer.builder("galerne.time.to.first.token")
        .description("From admission to the first text of the answer")
        .tag("model", card.id())
        .register(meters)
        .record(Duration.between(startedAt, Instant.now()));
  }

  private void request(String model, String outcome) {
    meters.counter("galerne.requests", "model", model, "outcome", outcome).increment();
  }

  private void tokens(ModelCard card, String kind, int tokens) {
    meters.counter("galerne.tokens", "model", card.id(), "kind", kind).increment(tokens);
  }
}
