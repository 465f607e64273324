package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.LoadListener;
import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.tokenizer.ReducedVocabularies;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class FillInMiddleTests {
  @TempDir Path folder;

  private Optional<int[]> prompt(GgufWriter writer, String before, String behind) {
    Path file = writer.write(folder.resolve("fim.gguf"));
    try (GgufFile gguf = GgufFile.open(file)) {
      Tokenizer tokenizer = Tokenizers.fromGguf(gguf.metadata());
      return FillInMiddle.of(gguf.metadata(), tokenizer).map(fim -> fim.encode(before, behind));
    }
  }

  private static GgufWriter tiny() {
    return TinyModel.writer(GgmlType.Q8_0, 1);
  }

  @Test
  void theFilesKeysNameTheTokens() {
    GgufWriter keyed =
        tiny()
            .u32("tokenizer.ggml.fim_pre_token_id", 200)
            .u32("tokenizer.ggml.fim_suf_token_id", 201)
            .u32("tokenizer.ggml.fim_mid_token_id", 202);
    assertThat(prompt(keyed, "ab", "!"))
        .hasValueSatisfying(
            ids -> assertThat(ids).endsWith(200, 258, 201, 35, 202).hasSizeBetween(5, 6));
    assertThat(prompt(keyed, "", ""))
        .hasValueSatisfying(ids -> assertThat(ids).endsWith(200, 201, 202));
  }

  @Test
  void withoutTheTokensThereIsNoSuchPrompt() {
    assertThat(prompt(tiny(), "a", "b")).isEmpty();
    GgufWriter half = tiny().u32("tokenizer.ggml.fim_pre_token_id", 200);
    assertThat(prompt(half, "a", "b")).isEmpty();
    GgufWriter none = tiny();
    for (String key : new String[] {"pre", "suf", "mid"}) {
      none.u32("tokenizer.ggml.fim_" + key + "_token_id", 70_000);
    }
    assertThat(prompt(none, "a", "b")).isEmpty();
  }

  @Test
  void theEngineSaysWhatItCanDo() {
    Path file = tiny().write(folder.resolve("plain.gguf"));
    try (Engine engine = Engine.load(EngineSettings.of(file).withThreads(1), LoadListener.NONE)) {
      assertThat(engine.profile().fillsInMiddle()).isFalse();
    }
  }

  /** Suffix first; neither text can become a mark, and only the prefix has a blank before it. */
  @Test
  void mistralsModelsReadTheTextBehindFirst() throws IOException {
    int compared = 0;
    for (JsonNode entry : ReducedVocabularies.fixture("mistral-prompts.json.gz").toList()) {
      Tokenizer tokenizer = ReducedVocabularies.read(entry.get("vocabulary"), folder);
      if (tokenizer.controlToken("[PREFIX]").isEmpty()) {
        continue;
      }
      int prefix = tokenizer.controlToken("[PREFIX]").getAsInt();
      int suffix = tokenizer.controlToken("[SUFFIX]").getAsInt();
      int[] ids = mistral(tokenizer).encode("[SUFFIX]a", "b[PREFIX]");
      int at = indexOf(ids, prefix);
      assertThat(ids[1]).isEqualTo(suffix);
      assertThat(Arrays.stream(ids).filter(id -> id == prefix || id == suffix)).hasSize(2);
      assertThat(text(tokenizer, Arrays.copyOfRange(ids, 2, at))).isEqualTo("b[PREFIX]");
      assertThat(text(tokenizer, Arrays.copyOfRange(ids, at + 1, ids.length)))
          .isEqualTo((tokenizer.addsBlank() ? " " : "") + "[SUFFIX]a");
      compared++;
    }
    assertThat(compared).isPositive();
  }

  private FillInMiddle mistral(Tokenizer tokenizer) {
    try (GgufFile gguf = GgufFile.open(tiny().write(folder.resolve("keys.gguf")))) {
      return FillInMiddle.of(gguf.metadata(), tokenizer).orElseThrow();
    }
  }

  private static int indexOf(int[] ids, int id) {
    int at = 0;
    while (ids[at] != id) {
      at++;
    }
    return at;
  }

  private static String text(Tokenizer tokenizer, int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(tokenizer.bytes(id));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
