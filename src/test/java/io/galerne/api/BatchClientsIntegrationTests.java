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

/** Files and batches with the clients that people use, unmodified. */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class BatchClientsIntegrationTests {
  private static final List<String> CHECKS =
      List.of("check files", "check job", "check list", "check cancel", "check errors");

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  @ParameterizedTest
  @CsvSource({
    "mistral-typescript, NODE, batch.mjs",
    "mistral-typescript-1, NODE, batch.mjs",
    "mistral-python, PYTHON, batch.py",
    "mistral-python-1, PYTHON, batch.py",
    "openai-node, NODE, openai-files.mjs",
    "openai-python, PYTHON, openai-files.py"
  })
  void workUnmodified(String client, ClientPackages.Platform runtime, String script)
      throws Exception {
    String lack = runtime.lack();
    assumeTrue(lack.isEmpty(), lack);
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Clients");
    registry.registerWorkspace(tenant, workspace, "Clients");
    String key = keys.issue(tenant, workspace, "clients", null).secret();

    ClientPackages.Result result =
        new ClientPackages(client, runtime)
            .run(script, Map.of("GALERNE_URL", "http://127.0.0.1:" + port, "GALERNE_KEY", key));

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output().lines())
        .containsAll(script.startsWith("batch") ? CHECKS : CHECKS.subList(0, 1));
  }
}
