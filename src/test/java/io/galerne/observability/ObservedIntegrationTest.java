package io.galerne.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.database.DataDirectory;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** One server with a port for management, as in the chart, that sends to a collector. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "management.otlp.metrics.export.enabled=true",
      "management.otlp.metrics.export.step=1s",
      "management.opentelemetry.tracing.export.schedule-delay=100ms"
    })
@Import(TestDatabase.class)
abstract class ObservedIntegrationTest {
  static final OtlpSink COLLECTOR = collector();

  private final HttpClient client = HttpClient.newHttpClient();

  @LocalServerPort int port;
  @LocalManagementPort int managementPort;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired DataDirectory data;

  /** A tenant and a key of it. */
  record Client(UUID tenant, String key) {}

  @DynamicPropertySource
  static void sendThere(DynamicPropertyRegistry properties) {
    properties.add(
        "management.opentelemetry.tracing.export.otlp.endpoint", () -> COLLECTOR.url("/v1/traces"));
    properties.add("management.otlp.metrics.export.url", () -> COLLECTOR.url("/v1/metrics"));
  }

  private static OtlpSink collector() {
    try {
      return new OtlpSink();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  Client newClient() {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Watched");
    registry.registerWorkspace(tenant, workspace, "Watched");
    return new Client(tenant, keys.issue(tenant, workspace, "k", null).secret());
  }

  HttpResponse<String> ask(Client who, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + who.key())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A model of the tenant's that another machine serves. */
  UUID deploy(UUID tenant, String model, String url, String credential) throws Exception {
    String body =
        """
        {"name": "%1$s", "model": "%1$s",
         "remote": {"urls": ["%2$s"], "model": "mistral-tiny", "dialect": "mistral",
                    "vocabulary": "smollm2-135m-instruct-q4_1", "context_tokens": 512,
                    "credential": "%3$s"}}
        """
            .formatted(model, url, credential);
    HttpResponse<String> created = operate("POST", deployments(tenant), body);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
    return UUID.fromString(created.body().replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1"));
  }

  void delete(UUID tenant, UUID deployment) throws Exception {
    assertThat(operate("DELETE", deployments(tenant) + "/" + deployment, "").statusCode())
        .isEqualTo(204);
  }

  private static String deployments(UUID tenant) {
    return "/v1/admin/organizations/" + tenant + "/deployments";
  }

  private HttpResponse<String> operate(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("x-api-key", data.readSecret("operator-key").orElseThrow())
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(int port, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
