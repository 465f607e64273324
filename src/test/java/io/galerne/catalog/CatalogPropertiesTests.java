package io.galerne.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Import;

class CatalogPropertiesTests {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withUserConfiguration(Binding.class)
          .withInitializer(new ConfigDataApplicationContextInitializer())
          .withPropertyValues("spring.config.import=file:config/catalog.yaml");

  @TestConfiguration(proxyBeanMethods = false)
  @EnableConfigurationProperties(CatalogProperties.class)
  @Import(WeightsCatalog.class)
  static class Binding {}

  @Test
  void bindsTheCatalogueThatShips() {
    runner.run(
        context -> {
          CatalogProperties catalog = context.getBean(CatalogProperties.class);
          assertThat(context.getBean(WeightsCatalog.class).entries())
              .extracting(KnownWeights.Complete::file)
              .containsExactly(Path.of("models/smollm2-135m-instruct-q4_1.gguf"));
          List<String> names = new ArrayList<>();
          for (CatalogProperties.Model model : catalog.models()) {
            names.add(model.id());
            names.addAll(model.aliases());
            assertThat(model.capabilities())
                .isEqualTo(Set.of(Capability.COMPLETION_CHAT, Capability.FUNCTION_CALLING));
          }
          assertThat(names)
              .contains(
                  "open-mistral-7b",
                  "mistral-tiny",
                  "mistral-tiny-2312",
                  "open-mixtral-8x7b",
                  "mistral-small",
                  "mistral-small-2312",
                  "mistral-small-2402",
                  "mistral-small-latest",
                  "mistral-medium",
                  "mistral-medium-2312",
                  "mistral-medium-latest",
                  "smollm2-135m-instruct");
        });
  }

  /** Each line breaks what ships in one place; the failure names that place. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          weights[0].sha256=abc                   | weights[0].sha256
          weights[0].default-temperature=9        | weights[0].defaultTemperature
          weights[0].file=models/none.gguf        | weights[0].file
          models[1].weights=other                 | models[1].weights
          models[1].id=open-mistral-7b            | models[1].id
          models[1].aliases[0]=mistral-tiny       | models[1].aliases[0]
          models[1].id=spaces are no good         | models[1].id
          models[2].description=                  | models[2].description
          models[2].created=someday               | models[2].created
          """)
  void refusesToStartAndNamesTheProperty(String change, String property) {
    // a list that is overridden is replaced: repeat what ships, then change one thing
    runner.run(
        shipped -> {
          CatalogProperties catalog = shipped.getBean(CatalogProperties.class);
          new ApplicationContextRunner()
              .withUserConfiguration(Binding.class)
              .withPropertyValues(CatalogText.of(catalog))
              .run(same -> assertThat(same).hasNotFailed());
          new ApplicationContextRunner()
              .withUserConfiguration(Binding.class)
              .withPropertyValues(CatalogText.of(catalog))
              .withPropertyValues("galerne.catalog." + change)
              .run(
                  broken -> {
                    assertThat(broken).hasFailed();
                    assertThat(messages(broken.getStartupFailure())).contains(property);
                  });
        });
  }

  private static String messages(@Nullable Throwable failure) {
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.append(cause).append('\n');
    }
    return messages.toString();
  }
}
