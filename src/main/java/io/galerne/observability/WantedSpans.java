package io.galerne.observability;

import io.micrometer.tracing.exporter.FinishedSpan;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import org.springframework.stereotype.Component;

/** Leaves out what probes and Prometheus ask every few seconds. */
@Component
class WantedSpans implements SpanExportingPredicate {
  private static final String PATH = "http.url";
  private static final String MANAGEMENT = "/actuator";

  @Override
  public boolean isExportable(FinishedSpan span) {
    return !span.getTags().getOrDefault(PATH, "").startsWith(MANAGEMENT);
  }
}
