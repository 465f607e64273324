package io.galerne;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pages for operators are true. Blocks marked {@code sh} run, page by page, in one folder;
 * blocks that need a cluster or change the machine are checked for syntax.
 */
class OperationsPagesTests {
  private static final List<String> PAGES =
      List.of("install", "upgrade", "troubleshooting", "scaling");
  private static final Pattern BLOCK =
      Pattern.compile("^```sh ?(\\w*)\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final Pattern PEPPER = Pattern.compile("[0-9a-f]{64}");

  @TempDir Path folder;

  private record Block(String page, String kind, String commands) {}

  @Test
  void everyCommandThatAnyMachineCanRunDoesRun() throws Exception {
    Tool.orSkip("helm");
    Tool.orSkip("openssl");
    Tool.orSkip("systemd-analyze");
    StringBuilder script = new StringBuilder("set -euxo pipefail\n");
    List<Block> blocks = blocks("");
    blocks.forEach(block -> script.append(block.commands()));
    assertThat(blocks).hasSizeGreaterThan(5);

    Tool.Result result = run(script.toString());

    assertThat(result.status()).as(result.output()).isZero();
    assertThat(secret("key-pepper")).matches(PEPPER);
    assertThat(secret("sealing-keys")).matches(PEPPER);
    assertThat(secret("operator-key")).startsWith("gal_operator_");
    KeyFactory keys = KeyFactory.getInstance("Ed25519");
    assertThat(keys.generatePrivate(new PKCS8EncodedKeySpec(decoded("audit-private-key"))))
        .isNotNull();
    assertThat(keys.generatePublic(new X509EncodedKeySpec(decoded("audit-public-key"))))
        .isNotNull();
    assertThat(Files.readAllLines(folder.resolve("bundle/images.txt")))
        .containsExactly("registry.internal/galerne:0.1.0");
    assertThat(folder.resolve("bundle/docs/runbooks")).isDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster", "machine"})
  void commandsForElsewhereAreWellFormed(String kind) throws Exception {
    Tool bash = Tool.orSkip("bash");
    List<Block> blocks = blocks(kind);
    assertThat(blocks).isNotEmpty();
    for (Block block : blocks) {
      Path file = Files.writeString(folder.resolve("block.sh"), block.commands());
      assertThat(bash.run(List.of("-n", file.toString())).status()).as(block.toString()).isZero();
    }
  }

  @Test
  void scriptsAreWellFormedAndCanBeRun() throws Exception {
    Tool bash = Tool.orSkip("bash");
    for (String script : new String[] {"helm/images", "helm/bundle", "image/build"}) {
      assertThat(Path.of(script)).isExecutable();
      assertThat(bash.run(List.of("-n", script)).status()).as(script).isZero();
    }
  }

  /** Whatever the chart makes of its values, the list has it. */
  @Test
  void theListOfImagesIsComplete() {
    Helm helm = Helm.orSkip();
    List<String> values = List.of("--values", Helm.CHART + "/ci/full-values.yaml");
    TreeSet<String> rendered = new TreeSet<>();
    collect(helm.render(values), rendered);

    Tool.Result listed = new Tool(Path.of("helm/images").toAbsolutePath()).run(values);

    assertThat(rendered).hasSize(2);
    assertThat(listed.output().lines()).containsExactlyElementsOf(rendered);
  }

  @Test
  void everyAlertHasItsPageAndEveryPageItsAlert() throws IOException {
    TreeSet<String> alerts = new TreeSet<>();
    ALERT
        .matcher(Files.readString(Helm.CHART.resolve("files/rules.yaml")))
        .results()
        .forEach(alert -> alerts.add(alert.group(1)));
    TreeSet<String> pages = new TreeSet<>();
    try (var files = Files.list(Path.of("docs", "runbooks"))) {
      files.forEach(page -> pages.add(page.getFileName().toString().replace(".md", "")));
    }
    assertThat(alerts).hasSizeGreaterThan(5).isEqualTo(pages);
  }

  /** The strings under image, and under reference of an image volume. */
  private static void collect(Object node, Set<String> images) {
    switch (node) {
      case List<?> list -> list.forEach(item -> collect(item, images));
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                if (value instanceof String text
                    && (key.equals("image") || key.equals("reference"))) {
                  images.add(text);
                } else if (value != null) {
                  collect(value, images);
                }
              });
      default -> {}
    }
  }

  private static List<Block> blocks(String kind) throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (String page : PAGES) {
      BLOCK
          .matcher(Files.readString(Path.of("docs", page + ".md")))
          .results()
          .filter(block -> block.group(1).equals(kind))
          .forEach(block -> blocks.add(new Block(page, kind, block.group(2))));
    }
    return blocks;
  }

  /** In a folder that looks like a clone, where {@code java -jar} runs the classes under test. */
  private Tool.Result run(String script) throws IOException {
    assumeTrue(Files.exists(Path.of("/bin/bash")), "there is no bash on this machine");
    for (String name : new String[] {"helm", "systemd", "docs", "LICENSE", "NOTICE"}) {
      Files.createSymbolicLink(folder.resolve(name), Path.of(name).toAbsolutePath());
    }
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path java = bin.resolve("java");
    Files.writeString(
        java,
        "#!/bin/bash\nshift 2\nexec '%s' -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                GalerneApplication.class.getName()));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path tools = Path.of("target", "tools").toAbsolutePath();
    Path file =
        Files.writeString(
            folder.resolve("page.sh"),
            "cd '%s'\nPATH='%s':\"$PATH\":'%s'\n%s".formatted(folder, bin, tools, script));
    return Tool.orSkip("bash").run(List.of(file.toString()));
  }

  private String secret(String name) throws IOException {
    return Files.readString(folder.resolve("secrets").resolve(name)).strip();
  }

  private byte[] decoded(String name) throws IOException {
    return Base64.getDecoder().decode(secret(name));
  }
}
