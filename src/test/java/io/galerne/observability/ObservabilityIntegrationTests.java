package io.galerne.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Management has a port of its own, as in the chart, and shows what the chart's rules ask for. */
class ObservabilityIntegrationTests extends ObservedIntegrationTest {
  private static final Path CHART_FILES = Path.of("helm", "galerne", "files");

  /** Metrics of Galerne, of the conventions for models, and of the JVM, in a query. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:galerne|gen_ai|jvm|process|disk|http_server|hikaricp)_[a-z_]+");

  /** Counters that are not there before there is something to count. */
  private static final Set<String> FROM_THE_FIRST_EVENT =
      Set.of("galerne_batch_lines_total", "galerne_moderation_decisions_total");

  private static final String QUESTION =
      "{\"model\":\"mistral-small-latest\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String OF_BACKENDS = "galerne_backend_";

  private static final String LABEL = "gen_ai_request_model";

  /** What a client of Prometheus makes of one timer. */
  private static final String SERIES_OF_TIMER = "_(bucket|sum|count)$";

  @Test
  void showsWhatTheChartsRulesAndDashboardAskFor() throws Exception {
    askSomething();

    String shown = get(managementPort, "/actuator/prometheus").body();

    Set<String> names =
        shown
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", 4)[2])
            .collect(Collectors.toSet());
    Set<String> asked = asked();
    assertThat(asked).hasSizeGreaterThan(12);
    assertThat(asked)
        .filteredOn(name -> !FROM_THE_FIRST_EVENT.contains(name))
        .filteredOn(name -> !name.startsWith(OF_BACKENDS)) // TracesIntegrationTests has one
        .isSubsetOf(names);
    assertThat(FROM_THE_FIRST_EVENT).allMatch(ObservabilityIntegrationTests::isCounted);
    assertThat(shown)
        .contains("gen_ai_server_time_to_first_token_seconds_bucket{")
        .contains("gen_ai_request_model=\"mistral-small-2402\"")
        .containsPattern("galerne_engine_steps_total\\{weights=\"[^\"]+\"} [1-9]")
        .contains("galerne_database_away 0.0");
  }

  @Test
  void thePageHasEveryMetricAndNoOther() throws Exception {
    askSomething();
    Set<String> shown = new TreeSet<>();
    METRIC
        .matcher(get(managementPort, "/actuator/prometheus").body())
        .results()
        .map(match -> match.group().replaceFirst(SERIES_OF_TIMER + "|_max$", ""))
        .filter(ObservabilityIntegrationTests::isOurs)
        .forEach(shown::add);
    Set<String> page = new TreeSet<>();
    METRIC
        .matcher(Files.readString(Path.of("docs", "observability.md")))
        .results()
        .map(match -> match.group())
        .filter(ObservabilityIntegrationTests::isOurs)
        .forEach(page::add);

    assertThat(shown).hasSizeGreaterThan(15).isSubsetOf(page);
    assertThat(page)
        .filteredOn(name -> !shown.contains(name))
        .allMatch(ObservabilityIntegrationTests::comesLater);
  }

  private void askSomething() throws Exception {
    HttpResponse<String> answered = ask(newClient(), QUESTION);
    assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
  }

  private static boolean isOurs(String name) {
    return !name.equals(LABEL)
        && (name.startsWith("galerne_") || name.startsWith("gen_ai_server_"));
  }

  /** Of what no test of this class did: batches, embeddings, backends, policies. */
  private static boolean comesLater(String name) {
    return name.startsWith(OF_BACKENDS)
        || isCounted(name.replaceFirst("_seconds$", ""))
        || List.of("galerne_usage_export_waiting").contains(name);
  }

  @Test
  void theApisPortKeepsTheMetricsToItself() throws Exception {
    assertThat(get(port, "/actuator/prometheus").statusCode()).isGreaterThanOrEqualTo(400);
    assertThat(get(managementPort, "/actuator/prometheus").statusCode()).isEqualTo(200);
    assertThat(get(managementPort, "/actuator/env").statusCode()).isEqualTo(404);
    assertThat(get(managementPort, "/v1/models").statusCode()).isEqualTo(404);
  }

  @Test
  void probesAnswerOnManagementsPort() throws Exception {
    for (String group : new String[] {"liveness", "readiness"}) {
      assertThat(get(managementPort, "/actuator/health/" + group).body())
          .isEqualTo("{\"status\":\"UP\"}");
    }
  }

  private static Set<String> asked() throws IOException {
    Set<String> asked = new TreeSet<>();
    try (var files = Files.list(CHART_FILES)) {
      for (Path file : files.toList()) {
        METRIC
            .matcher(Files.readString(file))
            .results()
            .map(match -> match.group().replaceFirst(SERIES_OF_TIMER, ""))
            .filter(name -> !name.equals(LABEL))
            .forEach(asked::add);
      }
    }
    return asked;
  }

  private static boolean isCounted(String metric) {
    String meter = '"' + metric.replaceFirst("_total$", "").replace('_', '.') + '"';
    try (var sources = Files.walk(Path.of("src", "main", "java"))) {
      return sources
          .filter(file -> file.toString().endsWith(".java"))
          .anyMatch(file -> text(file).contains(meter));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
