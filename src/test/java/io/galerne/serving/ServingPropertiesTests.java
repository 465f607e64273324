package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ServingPropertiesTests {
  private static ServingProperties bind(Map<String, ?> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("galerne.serving", ServingProperties.class);
  }

  @Test
  void nothingNeedsToBeSet() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new ServingProperties(
                Duration.ofMinutes(10),
                Duration.ofSeconds(10),
                2,
                1,
                Duration.ofSeconds(5),
                256,
                64));
  }

  @Test
  void everythingCanBeSet() {
    assertThat(
            bind(
                Map.of(
                    "galerne.serving.request-time-max", "1m",
                    "galerne.serving.heartbeat", "2s",
                    "galerne.serving.compilations-max", "4",
                    "galerne.serving.compilations-per-tenant-max", "3",
                    "galerne.serving.compilation-wait", "7s",
                    "galerne.serving.compilations-waiting-max", "9",
                    "galerne.serving.compilations-waiting-per-tenant-max", "5")))
        .isEqualTo(
            new ServingProperties(
                Duration.ofMinutes(1), Duration.ofSeconds(2), 4, 3, Duration.ofSeconds(7), 9, 5));
  }
}
