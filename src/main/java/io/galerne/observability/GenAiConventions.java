package io.galerne.observability;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;
import org.springframework.stereotype.Component;

/**
 * Names, attributes and buckets that OpenTelemetry's conventions give to what a server of models
 * measures.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">Semantic
 *     conventions for generative AI metrics</a>
 */
@Component
class GenAiConventions implements MeterFilter {
  private static final String OWN_FIRST_TOKEN = "galerne.time.to.first.token";
  static final String FIRST_TOKEN = "gen_ai.server.time_to_first_token";

  private static final double[] FIRST_TOKEN_SECONDS = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };

  @Override
  public Meter.Id map(Meter.Id id) {
    if (!id.getName().equals(OWN_FIRST_TOKEN)) {
      return id;
    }
    String model = String.valueOf(id.getTag("model"));
    return id.withName(FIRST_TOKEN)
        .replaceTags(
            List.of(
                Tag.of("gen_ai.operation.name", "chat"),
                Tag.of("gen_ai.provider.name", "galerne"),
                Tag.of("gen_ai.request.model", model)));
  }

  @Override
  public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
    if (!id.getName().equals(FIRST_TOKEN)) {
      return config;
    }
    return DistributionStatisticConfig.builder()
        .serviceLevelObjectives(
            DoubleStream.of(FIRST_TOKEN_SECONDS).map(GenAiConventions::nanos).toArray())
        .build()
        .merge(config);
  }

  private static double nanos(double seconds) {
    return seconds * Duration.ofSeconds(1).toNanos();
  }
}
