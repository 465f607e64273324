package io.galerne.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.database.TestDatabase;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({TestDatabase.class, ApiKeySecurityIntegrationTests.Routes.class})
class ApiKeySecurityIntegrationTests {
  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  private final UUID tenant = UUID.randomUUID();
  private final UUID workspace = UUID.randomUUID();
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void setUp() {
    registry.registerTenant(tenant, "T");
    registry.registerWorkspace(tenant, workspace, "W");
  }

  @Test
  void everyBadKeyGetsTheSameRefusal() throws Exception {
    IssuedKey revoked = keys.issue(tenant, workspace, "revoked", null);
    keys.revoke(tenant, revoked.id());
    IssuedKey expired = keys.issue(tenant, workspace, "expired", Instant.now().minusSeconds(1));
    String good = keys.issue(tenant, workspace, "good", null).secret();

    Map<String, @Nullable String> headers = new LinkedHashMap<>();
    headers.put("missing", null);
    headers.put("empty", "Bearer ");
    headers.put("malformed", "Bearer nonsense");
    headers.put("unknown", "Bearer " + KeyFormat.API.newKey(new SecureRandom()));
    headers.put("expired", "Bearer " + expired.secret());
    headers.put("revoked", "Bearer " + revoked.secret());
    headers.put("other scheme", "Basic " + good);
    headers.put("no scheme", good);
    for (var header : headers.entrySet()) {
      for (String path : new String[] {"/v1/test/caller", "/v1/no/such/route"}) {
        HttpResponse<String> response = get(path, header.getValue());
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        assertThat(response.statusCode()).as(header.getKey()).isEqualTo(401);
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(response.body())
            .isEqualTo("{\"message\":\"Unauthorized\",\"request_id\":\"" + id + "\"}");
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
        assertThat(response.headers().firstValue("mistral-correlation-id")).contains(id);
        assertThat(response.headers().firstValue("set-cookie")).isEmpty();
      }
    }
  }

  @Test
  void aGoodKeyGetsThroughAsItsCaller() throws Exception {
    IssuedKey key = keys.issue(tenant, workspace, "good", null);
    for (String scheme : new String[] {"Bearer", "bearer", "BEARER"}) {
      HttpResponse<String> response = get("/v1/test/caller", scheme + " " + key.secret());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body())
          .isEqualTo(
              tenant + " " + key.id() + " " + response.headers().firstValue("x-request-id").get());
    }
    assertThat(get("/v1/no/such/route", "Bearer " + key.secret()).statusCode()).isEqualTo(404);
  }

  @Test
  void requestIdsDiffer() throws Exception {
    assertThat(get("/v1/test/caller", null).headers().firstValue("x-request-id"))
        .isNotEqualTo(get("/v1/test/caller", null).headers().firstValue("x-request-id"));
  }

  @Test
  void aStreamEndsCleanly() throws Exception {
    String key = keys.issue(tenant, workspace, "good", null).secret();
    HttpResponse<String> response = get("/v1/test/stream", "Bearer " + key);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("data:one\n\ndata:two\n\n");
  }

  @Test
  void pagesAreGuardedToo() throws Exception {
    HttpResponse<String> health = get("/actuator/health", null);
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'self'")
        .contains("frame-ancestors 'none'");
    assertThat(health.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(health.headers().firstValue("referrer-policy")).contains("no-referrer");
    assertThat(get("/actuator/env", null).statusCode()).isEqualTo(403);
    assertThat(get("/anything", null).statusCode()).isEqualTo(403);
  }

  private HttpResponse<String> get(String path, @Nullable String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Routes {
    @Bean
    TestController testController() {
      return new TestController();
    }
  }

  @RestController
  static class TestController {
    @GetMapping("/v1/test/caller")
    String caller(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
      return caller.tenantId() + " " + caller.apiKeyId() + " " + RequestIds.of(request);
    }

    @GetMapping("/v1/test/stream")
    SseEmitter stream() {
      SseEmitter emitter = new SseEmitter();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  emitter.send("one");
                  emitter.send("two");
                  emitter.complete();
                } catch (IOException e) {
                  emitter.completeWithError(e);
                }
              });
      return emitter;
    }
  }
}
