package io.galerne.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.model.functions.Generator;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.SafeTensorSupport;
import com.github.tjake.jlama.safetensors.prompt.PromptContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Jlama's speed on the weights that {@code gguf_to_safetensors.py} converted. It runs in a JVM of
 * its own, because Jlama's thread pools are global and their size can be set once.
 *
 * <p>One stream only: Jlama 0.8.4 has no batches, and a model can't generate from several threads,
 * since every call writes its buffers into the same fields of {@code MLPBlock}. As {@code
 * llama-bench} does, prompt and decoding are measured apart, each from an empty context.
 */
final class JlamaBenchmark {
  private static final int WARM_UP_ROUNDS = 2;
  private static final String WORD = " hello";

  private final AbstractModel model;
  private final int threads;
  private final int promptTokens;
  private final int decodeTokens;

  private JlamaBenchmark(AbstractModel model, int threads, int promptTokens, int decodeTokens) {
    this.model = model;
    this.threads = threads;
    this.promptTokens = promptTokens;
    this.decodeTokens = decodeTokens;
  }

  /**
   * Prints one line of JSON a round, with tokens per second.
   *
   * @param arguments the converted model's folder, threads, tokens of the prompt, tokens to decode,
   *     rounds
   */
  public static void main(String[] arguments) throws IOException {
    int threads = Integer.parseInt(arguments[1]);
    // the activation functions run in the common pool, which the caller's thread helps
    System.setProperty(
        "java.util.concurrent.ForkJoinPool.common.parallelism", String.valueOf(threads - 1));
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    Path quantised = quantised(Path.of(arguments[0]).toAbsolutePath());
    Path pages = Files.createTempDirectory("jlama");
    try (AbstractModel model =
        ModelSupport.loadModel(
            quantised.toFile(),
            pages.toFile(),
            DType.F32,
            DType.I8,
            Optional.empty(),
            Optional.of(threads))) {
      var benchmark =
          new JlamaBenchmark(
              model, threads, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
      benchmark.requireSense();
      for (int round = 0; round < WARM_UP_ROUNDS; round++) {
        benchmark.round();
      }
      for (int round = 0; round < Integer.parseInt(arguments[4]); round++) {
        System.out.println(benchmark.round());
      }
    } finally {
      FileSystemUtils.deleteRecursively(pages);
    }
  }

  /**
   * The model in Jlama's Q4, written beside the folder where it is missing. The embeddings, which
   * are the output's weights too, stay f32: Jlama was slower with Q4 there. With f32 throughout,
   * prompts took as long and decoding longer.
   */
  private static Path quantised(Path folder) throws IOException {
    Path quantised = folder.resolveSibling(folder.getFileName() + "-JQ4");
    if (!Files.exists(quantised)) {
      Path unfinished = folder.resolveSibling(folder.getFileName() + "-JQ4.part");
      FileSystemUtils.deleteRecursively(unfinished);
      SafeTensorSupport.quantizeModel(
          folder, DType.Q4, new String[] {"embed_tokens"}, null, Optional.of(unfinished));
      Files.move(unfinished, quantised);
    }
    return quantised;
  }

  /** The speed of a model that was converted wrongly would mean nothing. */
  private void requireSense() {
    PromptContext question =
        model
            .promptSupport()
            .orElseThrow()
            .builder()
            .addUserMessage("What is the capital of France?")
            .build();
    String answer = generate(question, 64).responseText;
    if (!answer.contains("Paris")) {
      throw new IllegalStateException("Jlama answers nonsense: " + answer);
    }
  }

  private String round() {
    Generator.Response prompt = generate(words(promptTokens - 1), promptTokens + 1);
    // the model repeats one word for ever, so no answer ends early
    Generator.Response decode = generate(words(1), 2 + decodeTokens);
    if (prompt.promptTokens != promptTokens - 1 || decode.generatedTokens != decodeTokens) {
      throw new IllegalStateException("not the work asked for: %s, %s".formatted(prompt, decode));
    }
    return String.format(
        Locale.ROOT,
        "{\"threads\":%d,\"promptPerSecond\":%.1f,\"decodePerSecond\":%.1f}",
        threads,
        promptTokens * 1e3 / prompt.promptTimeMs,
        decodeTokens * 1e3 / decode.generateTimeMs);
  }

  /** A text of so many tokens; Jlama puts one more before it, the first token of every text. */
  private static PromptContext words(int tokens) {
    return PromptContext.of(WORD.repeat(tokens));
  }

  private Generator.Response generate(PromptContext prompt, int tokensMax) {
    return model.generate(UUID.randomUUID(), prompt, 0, tokensMax);
  }
}
