package io.galerne.engine;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.template.ToolCallFormat;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Constraints for engines whose answers are a script: really compiled, for a small vocabulary. */
public final class ScriptedConstraints {
  private static final Constraints COMPILER = new Constraints(tokenizer(), ToolCallFormat.HERMES);

  private ScriptedConstraints() {}

  /**
   * Compiles a format.
   *
   * @throws io.galerne.engine.grammar.bounds.GrammarException if it can't be enforced
   */
  public static Constraint of(OutputFormat format) {
    return COMPILER.of(format, CacheNamespace.PUBLIC);
  }

  private static Tokenizer tokenizer() {
    try {
      Path file = Files.createTempFile("tiny", ".gguf");
      Files.write(file, TinyModel.writer(GgmlType.F32, 1).toByteArray());
      try (GgufFile weights = GgufFile.open(file)) {
        return Tokenizers.fromGguf(weights.metadata());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
