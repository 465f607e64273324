package io.galerne.serving;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.embedding.EmbeddingPool;
import io.galerne.limits.Decision;
import io.galerne.metering.UsageRecord;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** Counts requests and tokens under the names that {@link CompletionMetrics} uses. */
final class EmbeddingMetrics {
  private final MeterRegistry meters;

  EmbeddingMetrics(MeterRegistry meters, EmbeddingPool pool) {
    this.meters = meters;
    Gauge.builder("galerne.embedding.waiting", pool, EmbeddingPool::queued)
        .description("Texts that wait for a thread")
        .register(meters);
  }

  void completed(EmbeddingCard card, UsageRecord usage) {
    request(card.id(), usage.outcome().name().toLowerCase(Locale.ROOT));
    meters
        .counter("galerne.tokens", "model", card.id(), "kind", "prompt")
        .increment(usage.promptTokens());
    Timer.builder("galerne.embedding.time")
        .description("From the count of the tokens to the last vector")
        .tag("model", card.id())
        .register(meters)
        .record(Duration.between(usage.startedAt(), usage.endedAt()));
  }

  /** A request that never ran; the name of an unknown model is the client's and is not counted. */
  void refused(String model, EmbeddingOutcome.Refused refused) {
    request(model, reason(refused));
  }

  private void request(String model, String outcome) {
    meters.counter("galerne.requests", "model", model, "outcome", outcome).increment();
  }

  /** What a refusal is called in metrics. */
  static String reason(EmbeddingOutcome.Refused refused) {
    return switch (refused) {
      case EmbeddingOutcome.UnknownModel _ -> "unknown_model";
      case EmbeddingOutcome.ModelNotAllowed _ -> "model_not_allowed";
      case EmbeddingOutcome.NotAnEmbeddingModel _ -> "not_an_embedding_model";
      case EmbeddingOutcome.OtherDimensions _ -> "other_dimensions";
      case EmbeddingOutcome.TextTooLong _ -> "text_too_long";
      case EmbeddingOutcome.TooManyTokens _ -> "too_many_tokens";
      case EmbeddingOutcome.InputBlocked _ -> "input_blocked";
      case EmbeddingOutcome.PoliciesUnknown _ -> "policies_unknown";
      case EmbeddingOutcome.PoolFull _ -> "queue_full";
      case EmbeddingOutcome.ModelUnavailable _ -> "model_unavailable";
      case EmbeddingOutcome.Limited(Decision.Denied denied) -> LimitReasons.of(denied);
      case EmbeddingOutcome.ShuttingDown _ -> "shutting_down";
    };
  }
}
