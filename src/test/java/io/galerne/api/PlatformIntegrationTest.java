package io.galerne.api;

import io.galerne.GalerneApplication;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import io.galerne.serving.ScriptedHeadStart;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/**
 * The whole application with its database and real keys; only inference is scripted, so that an
 * answer costs nothing.
 */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = ScriptedHeadStart.class)
@Import(TestDatabase.class)
abstract class PlatformIntegrationTest {
  static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The key of a tenant that did not exist before. */
  String newKey() {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Documented");
    registry.registerWorkspace(tenant, workspace, "Documented");
    return keys.issue(tenant, workspace, "documented", null).secret();
  }
}
