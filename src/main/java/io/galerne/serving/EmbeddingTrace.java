package io.galerne.serving;

import io.galerne.identity.RequestIds;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.util.UUID;
import java.util.function.Supplier;

/** The span of a request for embeddings, under OpenTelemetry's conventions; without its texts. */
final class EmbeddingTrace {
  private EmbeddingTrace() {}

  /** Does the work within a span of its own. */
  static EmbeddingOutcome follow(
      Tracer tracer, EmbeddingRequest request, UUID requestId, Supplier<EmbeddingOutcome> work) {
    Span span =
        tracer
            .spanBuilder()
            .name("embeddings " + request.model())
            .tag("gen_ai.operation.name", "embeddings")
            .tag("gen_ai.provider.name", "galerne")
            .tag("gen_ai.request.model", request.model())
            .tag("gen_ai.response.id", RequestIds.of(requestId))
            .start();
    try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
      EmbeddingOutcome outcome = work.get();
      switch (outcome) {
        case EmbeddingOutcome.Embedded embedded -> {
          span.tag("gen_ai.response.model", embedded.card().id());
          span.tag("gen_ai.usage.input_tokens", embedded.promptTokens());
        }
        case EmbeddingOutcome.Refused refused ->
            span.tag("error.type", EmbeddingMetrics.reason(refused));
        case EmbeddingOutcome.Failed _ -> span.tag("error.type", "failed");
      }
      return outcome;
    } finally {
      span.end();
    }
  }
}
