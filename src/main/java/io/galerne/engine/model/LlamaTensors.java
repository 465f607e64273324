package io.galerne.engine.model;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.kernel.PackedMatrix;
import io.galerne.engine.kernel.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Finds the tensors of a llama model in a file by their names and checks their shapes. */
final class LlamaTensors {
  private static final float[] NONE = {};

  /** A table of angles that old files carry and nobody reads. */
  private static final Pattern IGNORED = Pattern.compile("blk\\.\\d+\\.attn_rot_embd\\.weight");

  private static final Pattern EXPERT =
      Pattern.compile("blk\\.\\d+\\.ffn_(gate|up|down)(_exps|\\.\\d+)\\.weight");

  private final GgufFile file;
  private final LlamaConfig config;
  private final Function<GgufTensor, PackedMatrix> packing;
  private final Set<String> seen = new HashSet<>();

  /**
   * @param packing makes a packed matrix of a tensor of two dimensions
   */
  LlamaTensors(GgufFile file, LlamaConfig config, Function<GgufTensor, PackedMatrix> packing) {
    this.file = file;
    this.config = config;
    this.packing = packing;
  }

  /**
   * Goes through all tensors without packing any.
   *
   * @throws GgufException naming the tensor that is missing, has another shape or has no place
   */
  static void check(GgufFile file, LlamaConfig config, int vocabulary) {
    var tensors = new LlamaTensors(file, config, LlamaTensors::unpacked);
    tensors.weights(vocabulary);
    for (GgufTensor tensor : file.tensors()) {
      String name = tensor.name();
      if (!tensors.seen.contains(name) && !IGNORED.matcher(name).matches()) {
        throw new GgufException(
            "tensor " + name,
            "has no place in this " + config.architecture() + " model: it would be ignored");
      }
    }
  }

  private static PackedMatrix unpacked(GgufTensor tensor) {
    WeightFormat format = WeightFormat.of(tensor.type());
    return new PackedMatrix(format, tensor.rows(), tensor.columns(), MemorySegment.NULL);
  }

  static boolean isExpert(String name) {
    return EXPERT.matcher(name).matches();
  }

  LlamaWeights weights(int vocabulary) {
    int embedding = config.embedding();
    PackedMatrix tokens = matrix("token_embd.weight", vocabulary, embedding);
    PackedMatrix output =
        file.find("output.weight").isPresent()
            ? matrix("output.weight", vocabulary, embedding)
            : tokens;
    float[] factors = ropeFactors();
    List<LlamaWeights.Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer("blk." + i + "."));
    }
    float[] norm = vector("output_norm.weight", embedding);
    return new LlamaWeights(tokens, factors, layers, norm, output);
  }

  private float[] ropeFactors() {
    String name = "rope_freqs.weight";
    if (file.find(name).isEmpty()) {
      return NONE;
    }
    float[] factors = vector(name, config.rope().dimensions() / 2);
    for (float factor : factors) {
      if (!(factor >= 1e-6f && factor <= 1e6f)) {
        throw new GgufException("tensor " + name, "the factor " + factor + " is out of range");
      }
    }
    return factors;
  }

  private LlamaWeights.Layer layer(String prefix) {
    int embedding = config.embedding();
    return new LlamaWeights.Layer(
        vector(prefix + "attn_norm.weight", embedding),
        projection(prefix + "attn_q", config.querySize(), embedding),
        projection(prefix + "attn_k", config.kvSize(), embedding),
        projection(prefix + "attn_v", config.kvSize(), embedding),
        projection(prefix + "attn_output", embedding, config.querySize()),
        vector(prefix + "ffn_norm.weight", embedding),
        config.experts() == 0 ? network(prefix, ".weight") : mixture(prefix));
  }

  private LlamaWeights.Projection projection(String name, int rows, int columns) {
    boolean biased = file.find(name + ".bias").isPresent();
    float[] bias = biased ? vector(name + ".bias", rows) : NONE;
    return new LlamaWeights.Projection(matrix(name + ".weight", rows, columns), bias);
  }

  private LlamaWeights.Network network(String prefix, String suffix) {
    int embedding = config.embedding();
    int size = config.feedForward();
    return new LlamaWeights.Network(
        matrix(prefix + "ffn_gate" + suffix, size, embedding),
        matrix(prefix + "ffn_up" + suffix, size, embedding),
        matrix(prefix + "ffn_down" + suffix, embedding, size));
  }

  /** Experts as one tensor of three dimensions, or as a tensor for each: the older layout. */
  private LlamaWeights.Mixture mixture(String prefix) {
    int embedding = config.embedding();
    int size = config.feedForward();
    PackedMatrix router = matrix(prefix + "ffn_gate_inp.weight", config.experts(), embedding);
    List<LlamaWeights.Network> experts = new ArrayList<>();
    boolean separate = file.find(prefix + "ffn_gate.0.weight").isPresent();
    for (int i = 0; i < config.experts(); i++) {
      experts.add(
          separate
              ? network(prefix, "." + i + ".weight")
              : new LlamaWeights.Network(
                  expert(prefix + "ffn_gate_exps.weight", i, size, embedding),
                  expert(prefix + "ffn_up_exps.weight", i, size, embedding),
                  expert(prefix + "ffn_down_exps.weight", i, embedding, size)));
    }
    return new LlamaWeights.Mixture(router, experts);
  }

  private PackedMatrix expert(String name, int index, int rows, int columns) {
    long experts = config.experts();
    GgufTensor tensor = checked(name, List.of((long) columns, (long) rows, experts));
    return packing.apply(tensor.matrix(index));
  }

  private PackedMatrix matrix(String name, int rows, int columns) {
    return packing.apply(checked(name, List.of((long) columns, (long) rows)));
  }

  private float[] vector(String name, int size) {
    return PlainVector.read(checked(name, List.of((long) size)));
  }

  private GgufTensor checked(String name, List<Long> shape) {
    GgufTensor tensor = file.tensor(name);
    seen.add(name);
    if (!tensor.shape().equals(shape)) {
      throw new GgufException(
          "tensor " + name, "has the shape " + tensor.shape() + " instead of " + shape);
    }
    return tensor;
  }
}
