package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The service answers as its document says, whatever it is sent: schemathesis makes requests from
 * the document, good ones and bad ones, in all of its phases.
 */
class SchemathesisIntegrationTests extends PlatformIntegrationTest {
  private static final int SECONDS = 60;
  private static final int NIGHTLY_SECONDS = 600;

  @BeforeAll
  static void requirePython() {
    String lack = ClientPackages.Platform.PYTHON.lack();
    assumeTrue(lack.isEmpty(), lack);
  }

  /** Together, since each is bound by a single processor of its own. */
  @Test
  void withAKeyWithAnotherTenantsAndWithNone() throws Exception {
    try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> runs = new ArrayList<>();
      for (String key : List.of(newKey(), newKey(), "")) {
        runs.add(
            together.submit(
                () -> {
                  run(key, SECONDS);
                  return null;
                }));
      }
      for (Future<?> one : runs) {
        one.get();
      }
    }
  }

  @Test
  @Tag("nightly")
  void forLong() throws Exception {
    run(newKey(), NIGHTLY_SECONDS);
  }

  private void run(String key, int seconds) throws Exception {
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
