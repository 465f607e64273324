package io.galerne.serving;

import io.galerne.catalog.ModelCard;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationTimes;
import io.galerne.identity.RequestIds;
import io.galerne.metering.TokenCounts;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The spans of one request: one for the whole, under OpenTelemetry's conventions for generative
 * models, and one for each stretch of its way. What was asked and answered is not in them, nor who
 * asked.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">Semantic
 *     conventions for generative client AI spans</a>
 */
final class RequestTrace {
  /** Follows nothing. */
  static final RequestTrace NONE = new RequestTrace(Tracer.NOOP, Span.NOOP);

  private static final String ERROR = "error.type";

  private final Tracer tracer;
  private final Span span;
  private final long beganNanos = System.nanoTime();

  /** From the clock that measures to the clock on the wall. */
  private final long epochNanos = epochNanos(Instant.now()) - beganNanos;

  private volatile long admittedNanos = beganNanos;

  private RequestTrace(Tracer tracer, Span span) {
    this.tracer = tracer;
    this.span = span;
  }

  /** Within the span that is current, if one is. */
  static RequestTrace begin(Tracer tracer, CompletionRequest request, UUID requestId) {
    String operation = request.gap() == null ? "chat" : "text_completion";
    Span.Builder builder =
        tracer
            .spanBuilder()
            .name(operation + " " + request.model())
            .tag("gen_ai.operation.name", operation)
            .tag("gen_ai.provider.name", "galerne")
            .tag("gen_ai.request.model", request.model())
            .tag("gen_ai.response.id", RequestIds.of(requestId));
    if (request.maxTokens() != null) {
      builder.tag("gen_ai.request.max_tokens", request.maxTokens().longValue());
    }
    if (request.temperature() != null) {
      builder.tag("gen_ai.request.temperature", request.temperature().doubleValue());
    }
    if (request.choices() > 1) {
      builder.tag("gen_ai.request.choice.count", request.choices());
    }
    return new RequestTrace(tracer, builder.start());
  }

  /** Calls of other machines from here on are this request's. */
  Tracer.SpanInScope scope() {
    return tracer.withSpan(span);
  }

  /** It runs. */
  void admitted(ModelCard card) {
    admittedNanos = System.nanoTime();
    span.tag("gen_ai.response.model", card.id());
    span.tag("galerne.weights", card.weightsId());
  }

  /** It doesn't run. */
  void refused(String reason) {
    stretch("admission", beganNanos, System.nanoTime());
    span.tag(ERROR, reason);
    span.end();
  }

  /**
   * It is over.
   *
   * @param delivered the tokens of an answer that did not finish
   * @param settlingNanos when its line in the ledger began to be written
   */
  void ended(Ending ending, TokenCounts delivered, GenerationTimes times, long settlingNanos) {
    stretches(times, settlingNanos);
    switch (ending) {
      case Ending.Finished finished -> {
        usage(finished.promptTokens(), finished.completionTokens());
        span.tag("gen_ai.usage.cache_read.input_tokens", finished.cachedPromptTokens());
        span.tagOfStrings(
            "gen_ai.response.finish_reasons",
            finished.choices().stream().map(choice -> name(choice.reason())).toList());
      }
      case Ending.Disconnected() -> {
        usage(delivered.prompt(), delivered.completion());
        span.tag(ERROR, "disconnected");
      }
      case Ending.Failed(Ending.Failure failure) -> {
        usage(delivered.prompt(), delivered.completion());
        span.tag(ERROR, failure.name().toLowerCase(Locale.ROOT));
      }
    }
    span.end();
  }

  private void usage(int promptTokens, int completionTokens) {
    span.tag("gen_ai.usage.input_tokens", promptTokens);
    span.tag("gen_ai.usage.output_tokens", completionTokens);
  }

  /** As clients see it. */
  private static String name(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case TOOL_CALLS -> "tool_calls";
      case LENGTH -> "length";
      case CONTEXT_FULL -> "model_length";
      case ALLOWANCE, DEADLINE, CANCELLED, ERROR -> "error";
    };
  }

  private void stretches(GenerationTimes times, long settlingNanos) {
    stretch("admission", beganNanos, admittedNanos);
    long end = first(times.finishedNanos(), settlingNanos);
    long started = first(times.startedNanos(), end);
    // the engine may be quicker than whoever asked it
    stretch("queue", Math.min(admittedNanos, started), started);
    if (times.startedNanos() != 0) {
      stretch("prefill", started, first(times.firstTokenNanos(), end));
    }
    if (times.firstTokenNanos() != 0) {
      stretch("decode", times.firstTokenNanos(), end);
    }
    stretch("settle", settlingNanos, System.nanoTime());
  }

  private static long first(long nanos, long otherwise) {
    return nanos != 0 ? nanos : otherwise;
  }

  private void stretch(String name, long fromNanos, long toNanos) {
    if (span.isNoop()) {
      return;
    }
    tracer
        .spanBuilder()
        .setParent(span.context())
        .name(name)
        .startTimestamp(epochNanos + fromNanos, TimeUnit.NANOSECONDS)
        .start()
        .end(epochNanos + Math.max(fromNanos, toNanos), TimeUnit.NANOSECONDS);
  }

  private static long epochNanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }
}
