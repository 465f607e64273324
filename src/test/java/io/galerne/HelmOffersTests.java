package io.galerne;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.deployments.DeploymentsProperties;
import io.galerne.remote.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/** What the chart writes for offers is what the application reads. */
class HelmOffersTests {
  @Test
  void theApplicationReadsWhatTheChartOffers() throws Exception {
    List<Map<String, Object>> objects =
        Helm.orSkip().render(List.of("--values", Helm.CHART + "/ci/full-values.yaml"));
    String file =
        objects.stream()
            .filter(object -> "ConfigMap".equals(object.get("kind")))
            .map(object -> Helm.mapping(requireNonNull(object.get("data"))).get("deployments.yaml"))
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .findFirst()
            .orElseThrow();

    DeploymentsProperties read = read(file.replace("${GALERNE_OFFER_ACME}", "a-key"));

    assertThat(read.plainHttp()).isTrue();
    assertThat(read.fromDatabase()).isTrue();
    assertThat(read.allowedNetworks()).containsExactly("10.96.0.0/12");
    assertThat(read.items()).hasSize(1);
    DeploymentsProperties.Item item = read.items().getFirst();
    assertThat(item.name()).isEqualTo("acme-0");
    assertThat(item.model()).isEqualTo("mistral-small");
    assertThat(item.tenant()).isEqualTo(UUID.fromString("6f1c9d1e-0000-4000-8000-000000000000"));
    assertThat(item.spillOver()).isEqualTo("mistral-tiny");
    assertThat(item.floor()).isEqualTo("acme");
    assertThat(item.remote())
        .isNotNull()
        .satisfies(
            remote -> {
              assertThat(remote.urls()).hasToString("[http://trial-galerne-acme:80/v1]");
              assertThat(remote.model()).isEqualTo("acme-small");
              assertThat(remote.dialect()).isEqualTo(Dialect.MISTRAL);
              assertThat(remote.vocabulary()).isEqualTo("mistral-7b");
              assertThat(remote.contextTokens()).isEqualTo(32_768);
              assertThat(remote.credential()).isEqualTo("a-key");
            });
  }

  private static DeploymentsProperties read(String yaml) throws Exception {
    StandardEnvironment environment = new StandardEnvironment();
    new YamlPropertySourceLoader()
        .load("offers", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
        .forEach(environment.getPropertySources()::addFirst);
    return Binder.get(environment)
        .bind("galerne.deployments", DeploymentsProperties.class)
        .orElseThrow(AssertionError::new);
  }
}
