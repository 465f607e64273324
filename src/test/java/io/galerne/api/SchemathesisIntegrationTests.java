package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The service answers as its document says, whatever it is sent: schemathesis makes requests from
 * the document, good ones and bad ones, in all of its phases.
 */
class SchemathesisIntegrationTests extends PlatformIntegrationTest {
  private static final int SECONDS = 40;
  private static final int NIGHTLY_SECONDS = 600;

  @Test
  void withAKey() throws Exception {
    run(newKey(), SECONDS);
  }

  @Test
  void withAnotherTenantsKey() throws Exception {
    newKey();
    run(newKey(), SECONDS);
  }

  @Test
  void withoutAKey() throws Exception {
    run("", SECONDS / 2);
  }

  @Test
  @Tag("nightly")
  void forLong() throws Exception {
    run(newKey(), NIGHTLY_SECONDS);
  }

  private void run(String key, int seconds) throws Exception {
    String lack = ClientPackages.Platform.PYTHON.lack();
    assumeTrue(lack.isEmpty(), lack);
    // made at the first request, which may take longer than schemathesis waits
    HTTP.send(
        HttpRequest.newBuilder(uri("/openapi.json")).build(),
        HttpResponse.BodyHandlers.discarding());
    ClientPackages.Result result =
        new ClientPackages("schemathesis", ClientPackages.Platform.PYTHON)
            .run(
                "schemathesis_run.py",
                Map.of(
                    "GALERNE_URL",
                    "http://127.0.0.1:" + port,
                    "GALERNE_KEY",
                    key,
                    "GALERNE_SECONDS",
                    Integer.toString(seconds)));
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).containsPattern("Tested: +[1-9]").doesNotContain("FAILURES");
  }
}
