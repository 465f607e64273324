package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.galerne.GalerneApplication;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** Fields that only some clients have, as those clients send and read them. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class ClientFieldsIntegrationTests {
  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  @ParameterizedTest
  @CsvSource({
    "mistral-python, fields_mistral.py, 5",
    "openai-python, fields_openai.py, 3",
  })
  void areSentAndRead(String client, String script, int checks) throws Exception {
    String lack = ClientPackages.Platform.PYTHON.lack();
    assumeTrue(lack.isEmpty(), lack);
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Fields");
    registry.registerWorkspace(tenant, workspace, "Fields");
    String key = keys.issue(tenant, workspace, "fields", null).secret();

    ClientPackages.Result result =
        new ClientPackages(client, ClientPackages.Platform.PYTHON)
            .run(script, Map.of("GALERNE_URL", "http://127.0.0.1:" + port, "GALERNE_KEY", key));

    assertThat(result.exit()).as(result.output()).isZero();
    List<String> done = result.output().lines().filter(l -> l.startsWith("check ")).toList();
    assertThat(done).as(result.output()).hasSize(checks);
  }
}
