package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The document is whole, and what the build leaves behind is what the server serves. */
class OpenApiIntegrationTests extends PlatformIntegrationTest {
  private static final Path ARTIFACT = Path.of("target/openapi.json");

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mappings;

  private JsonNode document() throws IOException, InterruptedException {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(uri("/openapi.json")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    Files.writeString(ARTIFACT, response.body());
    return JsonMapper.shared().readTree(response.body());
  }

  @Test
  void everyRouteUnderV1IsInTheDocument() throws Exception {
    JsonNode document = document();
    Set<String> documented = new TreeSet<>();
    document
        .get("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, _) -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    assertThat(documented).containsExactlyInAnyOrderElementsOf(mapped());
  }

  private Set<String> mapped() {
    Set<String> mapped = new TreeSet<>();
    mappings
        .getHandlerMethods()
        .forEach(
            (info, _) -> {
              for (String path : info.getPatternValues()) {
                for (RequestMethod method : info.getMethodsCondition().getMethods()) {
                  if (path.startsWith("/v1")) {
                    mapped.add(method + " " + path);
                  }
                }
              }
            });
    return mapped;
  }
}
