package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.galerne.GalerneApplication;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.TenantRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * docs/api.md is true: its commands run in their order in one shell, each block ends with the
 * status that stands beside its language (any 2xx where none does), and every endpoint has one.
 */
@SpringBootTest(
    classes = GalerneApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(TestDatabase.class)
class ApiPageIntegrationTests {
  private static final Path PAGE = Path.of("docs", "api.md");
  private static final Pattern BLOCK =
      Pattern.compile("^```sh ?(\\d{3})?\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern ENDPOINT =
      Pattern.compile("^### (GET|POST|PUT|PATCH|DELETE) (\\S+)$", Pattern.MULTILINE);
  private static final Pattern STATUS = Pattern.compile("@@ block (\\d+) status (\\d{3})");

  @LocalServerPort int port;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;
  @Autowired RequestMappingHandlerMapping requestMappingHandlerMapping;
  @TempDir Path folder;

  private record Block(String status, String commands) {}

  private static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    while (block.find()) {
      blocks.add(new Block(block.group(1) == null ? "2\\d\\d" : block.group(1), block.group(2)));
    }
    return blocks;
  }

  @Test
  void everyCommandAnswersAsThePageSays() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/bash")), "there is no bash on this machine");
    List<Block> blocks = blocks();
    StringBuilder script = new StringBuilder("set -o pipefail\n");
    int curls = 0;
    for (int i = 0; i < blocks.size(); i++) {
      // curl writes this after each answer
      Files.writeString(
          folder.resolve("curlrc" + i),
          "silent\nshow-error\nwrite-out = \"\\n@@ block " + i + " status %{http_code}\\n\"\n");
      script.append("cp '%s/curlrc%d' '%s/.curlrc'\n".formatted(folder, i, folder));
      String commands = blocks.get(i).commands();
      script.append(commands.replace("http://localhost:8080", "http://localhost:" + port));
      curls += commands.split("(?m)(^|[|(] *)curl ", -1).length - 1;
    }

    String output = run(script.toString());

    int answers = 0;
    Matcher status = STATUS.matcher(output);
    while (status.find()) {
      Block block = blocks.get(Integer.parseInt(status.group(1)));
      assertThat(status.group(2)).as("%s%n%s", block, output).matches(block.status());
      answers++;
    }
    assertThat(answers).as(output).isEqualTo(curls).isGreaterThan(8);
  }

  private String run(String script) throws IOException, InterruptedException {
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "Page");
    registry.registerWorkspace(tenant, workspace, "Page");
    Path file = Files.writeString(folder.resolve("page.sh"), script);
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder = new ProcessBuilder("bash", file.toString());
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "GALERNE_KEY", keys.issue(tenant, workspace, "page", null).secret(),
                "CURL_HOME", folder.toString()));
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  @Test
  void everyEndpointHasItsCommand() throws IOException {
    TreeSet<String> served = new TreeSet<>();
    requestMappingHandlerMapping
        .getHandlerMethods()
        .keySet()
        .forEach(
            mapping ->
                mapping
                    .getMethodsCondition()
                    .getMethods()
                    .forEach(
                        method ->
                            mapping
                                .getPatternValues()
                                .forEach(path -> served.add(method + " " + path))));
    served.removeIf(endpoint -> !endpoint.contains(" /v1/"));
    // the Admin API has pages of its own: tenancy, limits, billing, audit, moderation
    served.removeIf(endpoint -> endpoint.contains(" /v1/admin"));
    TreeSet<String> told = new TreeSet<>();
    String page = Files.readString(PAGE);
    ENDPOINT
        .matcher(page)
        .results()
        .filter(endpoint -> hasCommand(page, endpoint.end()))
        .forEach(endpoint -> told.add(endpoint.group(1) + " " + endpoint.group(2)));
    assertThat(served).hasSizeGreaterThan(4);
    assertThat(told).containsExactlyElementsOf(served);
  }

  private static boolean hasCommand(String page, int from) {
    int next = page.indexOf("\n### ", from);
    return page.substring(from, next < 0 ? page.length() : next).contains("curl ");
  }
}
