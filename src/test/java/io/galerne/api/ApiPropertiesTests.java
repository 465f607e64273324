package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ApiPropertiesTests {
  private static ApiProperties bind(Map<String, ?> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("galerne.api", ApiProperties.class);
  }

  @Test
  void nothingNeedsToBeSet() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new ApiProperties(
                false,
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                DataSize.ofKilobytes(128),
                DataSize.ofKilobytes(256)));
  }

  @Test
  void everythingCanBeSet() {
    assertThat(
            bind(
                Map.of(
                    "galerne.api.strict", "true",
                    "galerne.api.body-max", "2MB",
                    "galerne.api.body-time-max", "4s",
                    "galerne.api.head-time-max", "5s",
                    "galerne.api.schema-max", "3KB",
                    "galerne.api.tools-max", "4KB")))
        .isEqualTo(
            new ApiProperties(
                true,
                DataSize.ofMegabytes(2),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                DataSize.ofKilobytes(3),
                DataSize.ofKilobytes(4)));
  }
}
