package io.galerne.engine.tokenizer;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real vocabularies of which only the tokens are left that can occur in a fixture's texts ({@code
 * src/test/fixtures/reduced_vocabulary.py} says why that changes nothing).
 */
public final class ReducedVocabularies {
  private ReducedVocabularies() {}

  /** The entries of a packed fixture. */
  public static Stream<JsonNode> fixture(String name) throws IOException {
    try (InputStream packed = ReducedVocabularies.class.getResourceAsStream("/engine/" + name);
        InputStream in = new GZIPInputStream(packed)) {
      return JsonMapper.shared().readTree(in.readAllBytes()).valueStream();
    }
  }

  /** Writes a vocabulary as the GGUF file that a model's would be, and reads that. */
  public static Tokenizer read(JsonNode vocabulary, Path folder) {
    String model = vocabulary.get("model").stringValue();
    GgufWriter writer =
        new GgufWriter()
            .string("tokenizer.ggml.model", model)
            .strings("tokenizer.ggml.tokens", strings(vocabulary.get("tokens")))
            .i32s("tokenizer.ggml.token_type", integers(vocabulary.get("types")));
    if (vocabulary.has("merges")) {
      writer.strings("tokenizer.ggml.merges", strings(vocabulary.get("merges")));
    }
    if (vocabulary.has("scores")) {
      double[] scores =
          vocabulary.get("scores").valueStream().mapToDouble(JsonNode::doubleValue).toArray();
      float[] rounded = new float[scores.length];
      for (int i = 0; i < scores.length; i++) {
        rounded[i] = (float) scores[i];
      }
      writer.f32s("tokenizer.ggml.scores", rounded);
    }
    if (vocabulary.hasNonNull("pre")) {
      writer.string("tokenizer.ggml.pre", vocabulary.get("pre").stringValue());
    }
    for (String name : List.of("bos", "eos", "unknown")) {
      if (vocabulary.hasNonNull(name)) {
        writer.u32("tokenizer.ggml." + name + "_token_id", vocabulary.get(name).intValue());
      }
    }
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("vocabulary.gguf")))) {
      return Tokenizers.fromGguf(file.metadata());
    }
  }

  /** Token ids as the whole vocabulary numbers them. */
  public static int[] originalIds(JsonNode vocabulary, int[] tokens) {
    JsonNode ids = vocabulary.get("ids");
    return Arrays.stream(tokens).map(token -> ids.get(token).intValue()).toArray();
  }

  public static int[] integers(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::stringValue).toList();
  }
}
