package io.galerne.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** Management has a port of its own, as in the chart, and shows what the chart's rules ask for. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "management.server.port=0")
@Import(TestDatabase.class)
class ObservabilityIntegrationTests {
  private static final Path CHART_FILES = Path.of("helm", "galerne", "files");

  /** Metrics of Galerne, of the conventions for models, and of the JVM, in a query. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:galerne|gen_ai|jvm|process|disk|http_server|hikaricp)_[a-z_]+");

  /** Counters that are not there before there is something to count. */
  private static final Set<String> FROM_THE_FIRST_EVENT =
      Set.of("galerne_batch_lines_total", "galerne_moderation_decisions_total");

  private static final String LABEL = "gen_ai_request_model";

  /** What a client of Prometheus makes of one timer. */
  private static final String SERIES_OF_TIMER = "_(bucket|sum|count)$";

  private final HttpClient client = HttpClient.newHttpClient();

  @LocalServerPort int port;
  @LocalManagementPort int managementPort;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  @Test
  void showsWhatTheChartsRulesAndDashboardAskFor() throws Exception {
    ask(
        "{\"model\":\"mistral-small-latest\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

    String shown = get(managementPort, "/actuator/prometheus").body();

    Set<String> names =
        shown
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", 4)[2])
            .collect(Collectors.toSet());
    Set<String> asked = asked();
    assertThat(asked).hasSizeGreaterThan(12);
    assertThat(asked).filteredOn(name -> !FROM_THE_FIRST_EVENT.contains(name)).isSubsetOf(names);
    assertThat(FROM_THE_FIRST_EVENT).allMatch(ObservabilityIntegrationTests::isCounted);
    assertThat(shown)
        .contains("gen_ai_server_time_to_first_token_seconds_bucket{")
        .contains("gen_ai_request_model=\"mistral-small-2402\"")
        .containsPattern("galerne_engine_steps_total\\{weights=\"[^\"]+\"} [1-9]")
        .contains("galerne_database_away 0.0");
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

  private void ask(String body) throws Exception {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Watched");
    registry.registerWorkspace(tenant, workspace, "Watched");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + keys.issue(tenant, workspace, "k", null).secret())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
