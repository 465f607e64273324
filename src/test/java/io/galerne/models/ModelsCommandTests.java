package io.galerne.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.TinyMistral;
import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.store.StoreFixture;
import io.galerne.store.WeightsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands on the catalogue of this repository and a store of the test's own. */
class ModelsCommandTests {
  private static final String BUNDLED = "smollm2-135m-instruct-q4_1";
  private static final String STORE = "galerne.catalog.store";
  private static final byte[] MODEL = StoreFixture.model(1).toByteArray();
  private static final String DIGEST = StoreFixture.sha256(MODEL);

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void useAStore() throws IOException {
    System.setProperty(STORE, folder.resolve("store").toString());
    file = Files.write(folder.resolve("given.gguf"), MODEL);
  }

  @AfterEach
  void forgetIt() {
    System.clearProperty(STORE);
  }

  @Test
  void listsWhatServesWhom() {
    add();
    CommandResult list = CommandResult.of("list");

    assertThat(list.exit()).isZero();
    assertThat(list.out().lines())
        .anyMatch(line -> line.startsWith("WEIGHTS ") && line.endsWith("SERVES"))
        .anyMatch(
            line ->
                line.matches(
                    BUNDLED + " +98.4 MB +llama +135M +Q4_1 +Apache-2.0 .*open-mistral-7b.*"))
        .anyMatch(line -> line.matches("given +319.0 kB +llama .* verified +nothing"));
    assertThat(list.err()).isEmpty();
  }

  @Test
  void listsForScripts() {
    add();
    JsonNode rows = JsonMapper.builder().build().readTree(CommandResult.of("list", "--json").out());

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).path("id").asString()).isEqualTo(BUNDLED);
    assertThat(rows.get(0).path("names").valueStream().map(JsonNode::asString))
        .contains("mistral-tiny", "mistral-medium-latest");
    assertThat(rows.get(1).path("bytes").asLong()).isEqualTo(MODEL.length);
    assertThat(rows.get(1).path("digest").asString()).isEqualTo("verified");
    assertThat(rows.get(1).path("problem").isNull()).isTrue();
  }

  @Test
  void aBrokenManifestIsListedAndTheRestToo() throws IOException {
    add();
    Files.writeString(folder.resolve("store").resolve("broken.json"), "{}");
    Files.write(folder.resolve("store").resolve("stray.gguf"), MODEL);

    CommandResult list = CommandResult.of("list");

    assertThat(list.exit()).isZero();
    assertThat(list.out())
        .contains("given  ")
        .contains("Not usable: broken: galerne.catalog.store: ")
        .contains("Not registered: " + folder.resolve("store").resolve("stray.gguf"));
  }

  @Test
  void inspectsAFile() {
    CommandResult found = CommandResult.of("inspect", file.toString());

    assertThat(found.exit()).isZero();
    assertThat(found.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
        .contains(
            "architecture|llama",
            "heads|4, sharing 2 of keys and values",
            "context|256 tokens",
            "tokenizer|gpt2/gpt-2",
            "chat template|yes",
            "licence|apache-2.0",
            "SHA-256|" + DIGEST,
            "prompt format|template",
            // 2 layers, keys and values, 32 elements, 2 bytes, 1 000 positions
            "|256.0 kB per 1 000 tokens of context",
            "loads|yes");
  }

  @Test
  void inspectsWeightsByTheirIdForScripts() {
    add();
    CommandResult found = CommandResult.of("inspect", "given", "--json");
    JsonNode json = JsonMapper.builder().build().readTree(found.out());

    assertThat(json.path("sha256").asString()).isEqualTo(DIGEST);
    assertThat(json.path("inspection").path("shape").path("layers").asInt()).isEqualTo(2);
    assertThat(json.path("inspection").path("memory").path("weightsBytes").asLong()).isPositive();
  }

  @Test
  void saysWhichPromptFormatAFileShows() {
    Path mixture =
        TinyMistral.mixture(GgmlType.F32, 1, true)
            .without("tokenizer.chat_template")
            .write(folder.resolve("mixture.gguf"));
    Path bare =
        TinyModel.writer(GgmlType.F32, 1)
            .without("tokenizer.chat_template")
            .write(folder.resolve("bare.gguf"));

    assertThat(rows(mixture))
        .contains("prompt format|mistral-v1", "loads|yes", "experts|8, 2 for each token")
        .anyMatch(line -> line.matches("parameters\\|[0-9.]+k, [0-9.]+k of them active .*"));
    assertThat(rows(bare))
        .contains("prompt format|not stated: set prompt-format in the catalogue", "loads|yes");
  }

  private static List<String> rows(Path file) {
    CommandResult found = CommandResult.of("inspect", file.toString());
    assertThat(found.exit()).isZero();
    return found.out().lines().map(line -> line.replaceAll(" {2,}", "|")).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "llama.rope.freq_base,          llama.rope.freq_base",
    "tokenizer.ggml.eos_token_id,   tokenizer.ggml.eos_token_id",
    "llama.attention.head_count_kv, llama.attention.head_count_kv"
  })
  void saysWhyAFileWouldNotLoad(String key, String field) throws IOException {
    Path bad = StoreFixture.model(1).string(key, "nonsense").write(folder.resolve("bad.gguf"));

    CommandResult found = CommandResult.of("inspect", bad.toString());

    assertThat(found.exit()).isEqualTo(1);
    assertThat(found.out()).contains("loads").contains("no: " + field);
    Files.write(bad, Arrays.copyOf(MODEL, 1000));
    assertOneLine(CommandResult.of("inspect", bad.toString()), "bad.gguf: ");
  }

  @Test
  void addsByAddress() {
    try (WeightsServer server = new WeightsServer(MODEL)) {
      String address = server.address("/files/tiny-v1.gguf").toString();

      assertOneLine(CommandResult.of("add", address), "--trust-on-first-use");
      assertThat(server.requests).as("nothing is fetched without a digest").hasValue(0);
      CommandResult added =
          CommandResult.of("add", address, "--sha256", DIGEST.toUpperCase(Locale.ROOT));

      assertThat(added.exit()).as(added.err()).isZero();
      assertThat(added.out()).contains("Added tiny-v1: ").contains("weights: tiny-v1");
      assertThat(added.err()).contains("Downloading [").contains("100 %  319.0 kB of 319.0 kB");
      assertThat(CommandResult.of("add", address, "--trust-on-first-use", "--id", "b").exit())
          .isZero();
    }
  }

  @Test
  void addingTwiceIsNoErrorWhereThatIsMeant() {
    add();
    String path = file.toString();
    String other = "0".repeat(64);

    assertThat(CommandResult.of("add", path, "--sha256", DIGEST, "--if-absent").exit()).isZero();
    assertOneLine(CommandResult.of("add", path, "--sha256", DIGEST), "already");
    assertOneLine(CommandResult.of("add", path, "--sha256", other, "--if-absent"), "already");
  }

  @Test
  void aFileOfUnknownDigestNeedsAWord() {
    CommandResult refused = CommandResult.of("add", file.toString());

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("repeat with --sha256 " + DIGEST);
    assertThat(CommandResult.of("add", file.toString(), "--trust-on-first-use").exit()).isZero();
  }

  @Test
  void tooMuchIsRefused() {
    assertThat(
            CommandResult.of("add", file.toString(), "--sha256", DIGEST, "--max-size", "1KB").err())
        .contains("the limit is 1.0 kB");
  }

  @Test
  void removesWhatNobodyUses() {
    add();

    CommandResult removed = CommandResult.of("remove", "given");

    assertThat(removed.exit()).isZero();
    assertThat(folder.resolve("store").resolve("given.gguf")).doesNotExist();
    assertOneLine(CommandResult.of("remove", "given"), "has no weights 'given'");
  }

  @Test
  void keepsWhatTheCatalogueUsesUnlessForced() {
    assertOneLine(CommandResult.of("remove", BUNDLED), "open-mistral-7b, mistral-tiny");
    assertOneLine(CommandResult.of("remove", BUNDLED, "--force"), "has no weights");
    assertThat(Path.of("models", BUNDLED + ".gguf")).as("it is not the store's").exists();
  }

  @Test
  void verifies() throws IOException {
    add();
    assertThat(CommandResult.of("verify").out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(BUNDLED + " verified", "given verified");
    Path weights = folder.resolve("store").resolve("given.gguf");
    byte[] damaged = MODEL.clone();
    damaged[MODEL.length - 1] ^= 1;
    Files.write(weights, damaged);

    CommandResult bad = CommandResult.of("verify", "given");

    assertThat(bad.exit()).isEqualTo(1);
    assertThat(bad.out()).contains("given  mismatch");
    Files.delete(weights);
    assertThat(CommandResult.of("verify", "given").out()).contains("missing");
    assertOneLine(CommandResult.of("verify", "nobody"), "no id 'nobody'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "list --no", "add", "inspect", "remove", "add a --max-size x", "nope"})
  void aWrongUsageIsTwo(String line) {
    CommandResult result = CommandResult.ofLine(line);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).containsAnyOf("Usage: models", "Did you mean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "list", "inspect", "add", "remove", "verify"})
  void everyCommandHasHelp(String command) {
    CommandResult help = CommandResult.ofLine(command + " --help");

    assertThat(help.exit()).isZero();
    assertThat(help.out()).startsWith("Usage: models");
    assertThat(help.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add file:///etc/passwd --trust-on-first-use",
        "add ftp://x/y.gguf --sha256 " + "00",
        "add http://[bad --sha256 00",
        "inspect nobody",
        "add nothing.gguf --sha256 00"
      })
  void failuresAreOneLine(String line) {
    assertOneLine(CommandResult.ofLine(line), "");
  }

  private void add() {
    CommandResult added = CommandResult.of("add", file.toString(), "--sha256", DIGEST);
    assertThat(added.exit()).as(added.err()).isZero();
  }

  private static void assertOneLine(CommandResult result, String reason) {
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .startsWith("galerne models: ")
        .contains(reason)
        .doesNotContain("Exception");
  }
}
