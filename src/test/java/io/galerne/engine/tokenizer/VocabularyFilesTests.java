package io.galerne.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * All vocabularies that llama.cpp publishes with its test vectors, in the folder that {@code
 * -Dgalerne.vocabularies} names ({@code src/test/fixtures/vocabularies.py} fetches it).
 */
@Tag("nightly")
@EnabledIfSystemProperty(named = "galerne.vocabularies", matches = ".+")
class VocabularyFilesTests {
  /** Tokenizers of other kinds than byte-pair encoding: refused by name. */
  private static final Set<String> OTHER_KINDS = Set.of("bert-bge", "nomic-bert-moe", "gemma-4");

  @TestFactory
  Stream<DynamicTest> equalsLlamaCpp() throws IOException {
    List<Path> files;
    try (Stream<Path> folder = Files.list(Path.of(System.getProperty("galerne.vocabularies")))) {
      files = folder.filter(path -> path.toString().endsWith(".gguf")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream().map(path -> DynamicTest.dynamicTest(name(path), () -> check(path)));
  }

  private static String name(Path path) {
    return path.getFileName().toString().replace("ggml-vocab-", "").replace(".gguf", "");
  }

  private static void check(Path path) throws IOException {
    try (GgufFile file = GgufFile.open(path)) {
      if (OTHER_KINDS.contains(name(path))) {
        assertThatExceptionOfType(GgufException.class)
            .isThrownBy(() -> Tokenizers.fromGguf(file.metadata()))
            .withMessageStartingWith("tokenizer.ggml.model: ");
        return;
      }
      Tokenizer tokenizer = Tokenizers.fromGguf(file.metadata());
      Path inputs = Path.of(path + ".inp");
      if (Files.exists(inputs)) {
        String[] texts = Files.readString(inputs).split("\n__ggml_vocab_test__\n");
        List<String> outputs = Files.readAllLines(Path.of(path + ".out"));
        assertThat(texts).hasSize(outputs.size());
        for (int i = 0; i < texts.length; i++) {
          assertThat(tokenizer.encode(texts[i]))
              .as("%s, text %d: '%s'", name(path), i, texts[i])
              .isEqualTo(ids(outputs.get(i)));
        }
      }
    }
  }

  private static int[] ids(String line) {
    return Stream.of(line.strip().split("\\s+"))
        .filter(id -> !id.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
