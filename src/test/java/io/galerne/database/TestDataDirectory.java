package io.galerne.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Tests keep out of the data directory of whoever runs them: each context that names none has one
 * of its own. It is known before the first bean, because servlet filters come very early. Backends
 * of tests are on this machine, which deployments may call for that reason. A floor is there for
 * those that name it.
 */
public class TestDataDirectory implements EnvironmentPostProcessor {
  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    try {
      Path directory =
          Files.createTempDirectory(Files.createDirectories(Path.of("target")), "data-");
      environment
          .getPropertySources()
          .addLast(
              new MapPropertySource(
                  "testDataDirectory",
                  Map.of(
                      "galerne.data-directory",
                      directory.toString(),
                      "galerne.deployments.allowed-networks",
                      "127.0.0.1",
                      "galerne.deployments.plain-http",
                      "true",
                      "galerne.moderation.floors.tested",
                      "src/test/resources/moderation/deployment-floor.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
