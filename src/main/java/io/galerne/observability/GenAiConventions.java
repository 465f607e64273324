package io.galerne.observability;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
  private static final List<Convention> CONVENTIONS =
      List.of(
          new Convention(
              "galerne.time.to.first.token",
              "gen_ai.server.time_to_first_token",
              0.001,
              0.005,
              0.01,
              0.02,
              0.04,
              0.06,
              0.08,
              0.1,
              0.25,
              0.5,
              0.75,
              1,
              2.5,
              5,
              7.5,
              10),
          new Convention(
              "galerne.time.per.token",
              "gen_ai.server.time_per_output_token",
              0.01,
              0.025,
              0.05,
              0.075,
              0.1,
              0.15,
              0.2,
              0.3,
              0.4,
              0.5,
              0.75,
              1,
              2.5),
          new Convention(
              "galerne.request.time",
              "gen_ai.server.request.duration",
              0.01,
              0.02,
              0.04,
              0.08,
              0.16,
              0.32,
              0.64,
              1.28,
              2.56,
              5.12,
              10.24,
              20.48,
              40.96,
              81.92));

  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          "operation", "gen_ai.operation.name",
          "model", "gen_ai.request.model",
          "error", "error.type");

  private record Convention(String own, String name, double... seconds) {
    double[] nanos() {
      return DoubleStream.of(seconds).map(each -> each * Duration.ofSeconds(1).toNanos()).toArray();
    }
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    return find(each -> each.own().equals(id.getName()))
        .map(each -> id.withName(each.name()).replaceTags(attributes(id)))
        .orElse(id);
  }

  private static List<Tag> attributes(Meter.Id id) {
    List<Tag> attributes = new ArrayList<>();
    attributes.add(Tag.of("gen_ai.provider.name", "galerne"));
    for (Tag tag : id.getTags()) {
      attributes.add(Tag.of(ATTRIBUTES.getOrDefault(tag.getKey(), tag.getKey()), tag.getValue()));
    }
    return attributes;
  }

  @Override
  public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
    return find(each -> each.name().equals(id.getName()))
        .map(each -> config(each).merge(config))
        .orElse(config);
  }

  private static DistributionStatisticConfig config(Convention convention) {
    return DistributionStatisticConfig.builder().serviceLevelObjectives(convention.nanos()).build();
  }

  private static Optional<Convention> find(Predicate<Convention> which) {
    return CONVENTIONS.stream().filter(which).findFirst();
  }
}
