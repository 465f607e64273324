package io.galerne.serving;

import io.galerne.catalog.ModelCard;
import io.galerne.engine.GenerationTimes;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Counts requests and tokens by model; never by tenant, whose number has no bound. */
final class CompletionMetrics {
  private final MeterRegistry meters;

  CompletionMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  void completed(ModelCard card, UsageRecord usage) {
    request(card.id(), usage.outcome().name().toLowerCase(Locale.ROOT));
    Timer.builder("galerne.request.time")
        .description("From admission to the line in the ledger")
        .tag("operation", operation(usage.source().service()))
        .tag("model", card.id())
        .tag("error", usage.outcome() == UsageRecord.Outcome.ERROR ? "error" : "none")
        .register(meters)
        .record(Duration.between(usage.startedAt(), usage.endedAt()));
    tokens(card, "prompt", usage.promptTokens());
    tokens(card, "completion", usage.completionTokens());
  }

  /** A request that never ran; the name of an unknown model is the client's and is not counted. */
  void refused(String model, String outcome) {
    request(model, outcome);
  }

  void firstToken(ModelCard card, ServiceKind kind, Instant startedAt) {
    Duration took = Duration.between(startedAt, Instant.now());
    Timer.builder("galerne.time.to.first.token")
        .description("From admission to the first text of the answer")
        .tag("operation", operation(kind))
        .tag("model", card.id())
        .register(meters)
        .record(took);
    Timer.builder("galerne.engine.first.token")
        .description("From admission to the first text of the answer, by engine")
        .tag("weights", card.weightsId())
        .register(meters)
        .record(took);
  }

  /**
   * How long an answer waited, and each of its tokens took.
   *
   * @param tokens of the answer; 0 where it is one of several
   */
  void timed(
      ModelCard card, ServiceKind kind, GenerationTimes times, long submittedNanos, int tokens) {
    if (times.startedNanos() == 0) {
      return;
    }
    Timer.builder("galerne.queue.time")
        .description("From the request's reservation to the start of its prompt")
        .tag("model", card.id())
        .register(meters)
        .record(Math.max(0, times.startedNanos() - submittedNanos), TimeUnit.NANOSECONDS);
    if (times.firstTokenNanos() != 0 && times.finishedNanos() != 0 && tokens > 1) {
      Timer.builder("galerne.time.per.token")
          .description("From one token of the answer to the next, on average over the answer")
          .tag("operation", operation(kind))
          .tag("model", card.id())
          .register(meters)
          .record(
              Math.max(0, times.finishedNanos() - times.firstTokenNanos()) / (tokens - 1),
              TimeUnit.NANOSECONDS);
    }
  }

  private static String operation(ServiceKind kind) {
    return switch (kind) {
      case CHAT -> "chat";
      case FIM -> "text_completion";
      case EMBEDDING -> "embeddings";
      case MODERATION -> "moderation";
      case CLASSIFICATION -> "classification";
    };
  }

  private void request(String model, String outcome) {
    meters.counter("galerne.requests", "model", model, "outcome", outcome).increment();
  }

  private void tokens(ModelCard card, String kind, int tokens) {
    meters.counter("galerne.tokens", "model", card.id(), "kind", kind).increment(tokens);
  }
}
