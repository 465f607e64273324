package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufMetadata;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptFormatTests {
  private static final String V3_MARKS =
      "[INST] [/INST] [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_CALLS] [TOOL_RESULTS]"
          + " [/TOOL_RESULTS]";
  private static final String V7_MARKS =
      V3_MARKS + " [SYSTEM_PROMPT] [/SYSTEM_PROMPT] [TOOL_CONTENT]";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MISTRAL_V1 | none | llama | {{ '[INST] ' + m + ' [/INST]' }}
          TEMPLATE   | none | llama | [INST] <<SYS>> {{ m }}
          TEMPLATE   | none | gpt2  | [INST] {{ m }}
          TEMPLATE   | none | llama | <|im_start|>{{ m }}
          MISTRAL_V1 | none | llama |
          TEMPLATE   | none | gpt2  |
          MISTRAL_V3 | v3   | llama | {{ '[INST]' }}
          MISTRAL_V3 | v3   | gpt2  | [AVAILABLE_TOOLS] [INST]
          MISTRAL_V3 | v3   | gpt2  |
          TEMPLATE   | v3   | llama | <|im_start|>{{ m }}
          MISTRAL_V3 | v7   | gpt2  | [INST]
          MISTRAL_V7 | v7   | llama | [SYSTEM_PROMPT] [INST]
          MISTRAL_V7 | v7   | gpt2  |
          TEMPLATE   | v7   | gpt2  | [SYSTEM_PROMPT] [INST] [TOOL_CALLS]f[ARGS]
          """)
  void isKnownByVocabularyAndTemplate(
      PromptFormat expected, String marks, String model, @Nullable String template) {
    String controls = marks.equals("v3") ? V3_MARKS : marks.equals("v7") ? V7_MARKS : "";
    PromptFormat detected =
        read(
            model,
            controls,
            template,
            metadata -> PromptFormat.detect(metadata, Tokenizers.fromGguf(metadata)));
    assertThat(detected).isEqualTo(expected);
  }

  @Test
  void saysHowCallsAreWritten() {
    assertThat(calls(PromptFormat.TEMPLATE)).isEqualTo(ToolCallFormat.HERMES);
    assertThat(calls(PromptFormat.MISTRAL_V1)).isEqualTo(ToolCallFormat.HERMES);
    assertThat(calls(PromptFormat.MISTRAL_V2)).isEqualTo(ToolCallFormat.MISTRAL_V2);
    assertThat(calls(PromptFormat.MISTRAL_V3)).isEqualTo(ToolCallFormat.MISTRAL_V3);
    assertThat(calls(PromptFormat.MISTRAL_V7)).isEqualTo(ToolCallFormat.MISTRAL_V3);
  }

  @Test
  void namesTheControlTokenThatAFileLacks() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                read(
                    "llama",
                    V3_MARKS,
                    null,
                    metadata ->
                        PromptFormat.MISTRAL_V7.encoder(metadata, Tokenizers.fromGguf(metadata))))
        .withMessageContaining("[SYSTEM_PROMPT]")
        .withMessageContaining("MISTRAL_V7");
  }

  private ToolCallFormat calls(PromptFormat format) {
    return read(
        "llama",
        V7_MARKS,
        "{{ messages }}",
        metadata -> format.encoder(metadata, Tokenizers.fromGguf(metadata)).toolCallFormat());
  }

  private <T> T read(
      String model, String controls, @Nullable String template, Function<GgufMetadata, T> use) {
    List<String> tokens = new ArrayList<>(List.of("<s>", "</s>", "a"));
    tokens.addAll(Arrays.stream(controls.split(" ")).filter(text -> !text.isEmpty()).toList());
    int[] types = new int[tokens.size()];
    Arrays.fill(types, 3);
    types[2] = 1;
    GgufWriter writer =
        new GgufWriter()
            .string("tokenizer.ggml.model", model)
            .string("tokenizer.ggml.pre", "default")
            .strings("tokenizer.ggml.tokens", tokens)
            .strings("tokenizer.ggml.merges", List.of())
            .i32s("tokenizer.ggml.token_type", types)
            .f32s("tokenizer.ggml.scores", new float[types.length])
            .u32("tokenizer.ggml.bos_token_id", 0)
            .u32("tokenizer.ggml.eos_token_id", 1);
    if (template != null) {
      writer.string("tokenizer.chat_template", template);
    }
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("format.gguf")))) {
      return use.apply(file.metadata());
    }
  }
}
