package io.galerne.engine;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufMetadata;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.model.LlamaConfig;
import io.galerne.engine.model.LlamaLoader;
import io.galerne.engine.template.PromptFormat;
import io.galerne.engine.template.TemplateException;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a file of weights says of itself, and whether the engine would load it. Nothing is packed
 * and no digest is computed, so it takes well under a second for a file of any size.
 *
 * @param licence {@code general.license}, if the file has it
 * @param activeParameters those that one token passes through; null where the shape can't be read
 * @param types how the weights are stored, the largest share first
 * @param shape null where the architecture's keys can't be read
 * @param tokenizer {@code tokenizer.ggml.model}, and {@code .pre} after a slash
 * @param promptFormat as the catalogue spells it; null if the file shows none: then the catalogue
 *     has to name it
 * @param memory with the default settings; null where the engine would not load the file
 * @param problem the field for which the engine would refuse the file and why, else null
 */
public record WeightsInspection(
    Path file,
    long sizeBytes,
    @Nullable String name,
    String architecture,
    @Nullable String licence,
    long parameters,
    @Nullable Long activeParameters,
    List<TypeShare> types,
    @Nullable Shape shape,
    @Nullable String tokenizer,
    int vocabulary,
    boolean chatTemplate,
    @Nullable String promptFormat,
    @Nullable MemoryEstimate memory,
    @Nullable String problem) {
  private static final String TEMPLATE = "tokenizer.chat_template";

  /** Weights of one type, by its name in the GGUF specification. */
  public record TypeShare(String type, int tensors, long parameters, long bytes) {}

  /**
   * Sizes by the architecture's own keys.
   *
   * @param experts of each layer; 0 if the model is dense
   * @param window of sliding attention in tokens; 0 if there is none
   */
  public record Shape(
      int layers,
      int embedding,
      int heads,
      int kvHeads,
      int contextTokens,
      int experts,
      int expertsUsed,
      int window) {}

  /** The type of most weights, as GGUF names it. */
  public String quantization() {
    return types.isEmpty() ? "none" : types.getFirst().type();
  }

  /**
   * Looks at a file.
   *
   * @throws WeightsException if it is no GGUF file, or a broken one
   */
  public static WeightsInspection of(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      return of(file);
    } catch (GgufException e) {
      throw new WeightsException(path, e);
    }
  }

  private static WeightsInspection of(GgufFile file) {
    GgufMetadata metadata = file.metadata();
    String architecture = metadata.string("general.architecture");
    List<TypeShare> types = types(file);
    Checked checked = null;
    String problem = null;
    try {
      checked = check(file);
    } catch (GgufException | TemplateException e) {
      problem = e.getMessage();
    }
    boolean hasTokens = metadata.contains("tokenizer.ggml.tokens");
    return new WeightsInspection(
        file.path(),
        file.sizeBytes(),
        text(metadata, "general.name"),
        architecture,
        text(metadata, "general.license"),
        types.stream().mapToLong(TypeShare::parameters).sum(),
        checked == null ? null : Long.valueOf(checked.activeParameters),
        types,
        shape(metadata, architecture),
        tokenizer(metadata),
        hasTokens ? metadata.length("tokenizer.ggml.tokens") : 0,
        metadata.contains(TEMPLATE),
        checked == null ? null : checked.promptFormat,
        checked == null ? null : checked.memory,
        problem);
  }

  private record Checked(
      long activeParameters, @Nullable String promptFormat, MemoryEstimate memory) {}

  /** All that loading checks, without the work. */
  private static Checked check(GgufFile file) {
    LlamaConfig config = LlamaConfig.from(file.metadata());
    Tokenizer tokenizer = Tokenizers.fromGguf(file.metadata());
    LlamaLoader.check(file, config, tokenizer.vocabularySize());
    PromptFormat format = PromptFormat.detect(file.metadata(), tokenizer);
    boolean unstated = format == PromptFormat.TEMPLATE && !file.metadata().contains(TEMPLATE);
    if (!unstated) {
      format.encoder(file.metadata(), tokenizer);
    }
    return new Checked(
        LlamaLoader.activeParameters(file, config),
        unstated ? null : format.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        MemoryEstimate.of(
            config, file.tensors(), tokenizer.vocabularySize(), EngineSettings.of(file.path())));
  }

  private static List<TypeShare> types(GgufFile file) {
    Map<GgmlType, TypeShare> shares = new EnumMap<>(GgmlType.class);
    for (GgufTensor tensor : file.tensors()) {
      long parameters = (long) tensor.columns() * tensor.rows();
      shares.merge(
          tensor.type(),
          new TypeShare(tensor.type().name(), 1, parameters, tensor.bytes().byteSize()),
          (a, b) ->
              new TypeShare(
                  a.type(),
                  a.tensors() + b.tensors(),
                  a.parameters() + b.parameters(),
                  a.bytes() + b.bytes()));
    }
    List<TypeShare> types = new ArrayList<>(shares.values());
    types.sort(Comparator.comparingLong(TypeShare::parameters).reversed());
    return List.copyOf(types);
  }

  private static @Nullable Shape shape(GgufMetadata metadata, String architecture) {
    String prefix = architecture + ".";
    try {
      int heads = metadata.integer(prefix + "attention.head_count");
      return new Shape(
          metadata.integer(prefix + "block_count"),
          metadata.integer(prefix + "embedding_length"),
          heads,
          metadata.integer(prefix + "attention.head_count_kv", heads),
          metadata.integer(prefix + "context_length"),
          metadata.integer(prefix + "expert_count", 0),
          metadata.integer(prefix + "expert_used_count", 0),
          metadata.integer(prefix + "attention.sliding_window", 0));
    } catch (GgufException e) {
      return null; // another architecture's way to say it; loading names the key
    }
  }

  private static @Nullable String tokenizer(GgufMetadata metadata) {
    String model = text(metadata, "tokenizer.ggml.model");
    String pre = text(metadata, "tokenizer.ggml.pre");
    return model == null || pre == null ? model : model + "/" + pre;
  }

  private static @Nullable String text(GgufMetadata metadata, String key) {
    return metadata.findString(key).orElse(null);
  }
}
