package io.galerne.observability;

import io.galerne.outbound.CallTrace;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.io.IOException;
import java.net.URI;
import java.util.function.BiConsumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * A span for each call of another machine on behalf of a request, which the machine's own spans
 * belong to by the header {@code traceparent}. Calls on nobody's behalf, like probes, have none.
 */
@Component
class OutboundSpans implements CallTrace {
  private final Tracer tracer;
  private final Propagator propagator;

  OutboundSpans(Tracer tracer, ObjectProvider<Propagator> propagator) {
    this.tracer = tracer;
    this.propagator = propagator.getIfAvailable(() -> Propagator.NOOP);
  }

  @Override
  public Call begin(String method, URI url, BiConsumer<String, String> header) {
    Span current = tracer.currentSpan();
    if (current == null || current.isNoop()) {
      return Call.UNSEEN;
    }
    Span span =
        tracer
            .spanBuilder()
            .setParent(current.context())
            .kind(Span.Kind.CLIENT)
            .name(method)
            .tag("http.request.method", method)
            .tag("server.address", url.getHost())
            .tag("url.full", url.toString())
            .start();
    propagator.inject(
        span.context(),
        header,
        (carrier, name, value) -> {
          if (carrier != null) {
            carrier.accept(name, value);
          }
        });
    return new Followed(span);
  }

  private record Followed(Span span) implements Call {
    @Override
    public void answered(int status) {
      span.tag("http.response.status_code", status);
      if (status >= 400) {
        span.tag("error.type", String.valueOf(status));
      }
    }

    @Override
    public void failed(IOException reason) {
      span.tag("error.type", reason.getClass().getName());
      span.end();
    }

    @Override
    public void closed() {
      span.end();
    }
  }
}
