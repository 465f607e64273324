package io.galerne.engine.model;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.MatrixPacker;
import io.galerne.engine.kernel.PackedMatrix;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Finds the tensors of a llama model in a file, checks their shapes and packs them. */
public final class LlamaLoader {
  private static final int GROUPS_AT_ONCE = 16;

  private final GgufFile file;
  private final LlamaConfig config;
  private final SegmentAllocator allocator;
  private final List<MatrixPacker> packers = new ArrayList<>();

  private LlamaLoader(GgufFile file, LlamaConfig config, SegmentAllocator allocator) {
    this.file = file;
    this.config = config;
    this.allocator = allocator;
  }

  /**
   * Loads the weights; the file may be closed afterwards.
   *
   * @param vocabulary tokens that the tokenizer knows; the embedding must have as many rows
   * @param allocator gives the memory of the packed weights
   * @param packedBytes told how many bytes are packed so far, from the calling thread
   * @throws GgufException naming the tensor that is missing or has another shape
   */
  public static LlamaWeights load(
      GgufFile file,
      LlamaConfig config,
      int vocabulary,
      SegmentAllocator allocator,
      ComputePool pool,
      LongConsumer packedBytes) {
    var loader = new LlamaLoader(file, config, allocator);
    LlamaWeights weights = loader.weights(vocabulary);
    long packed = 0;
    for (MatrixPacker packer : loader.packers) {
      int groups = packer.matrix().groups();
      pool.run(groups, GROUPS_AT_ONCE, (from, to, worker) -> packer.pack(from, to));
      packed += packer.matrix().data().byteSize();
      packedBytes.accept(packed);
    }
    return weights;
  }

  /** Bytes that the packed matrices of a file will take. */
  public static long packedBytes(GgufFile file) {
    long bytes = 0;
    for (GgufTensor tensor : file.tensors()) {
      if (tensor.shape().size() == 2) {
        bytes += MatrixPacker.packedBytes(tensor);
      }
    }
    return bytes;
  }

  private LlamaWeights weights(int vocabulary) {
    int embedding = config.embedding();
    PackedMatrix tokens = matrix("token_embd.weight", vocabulary, embedding);
    PackedMatrix output =
        file.find("output.weight").isPresent()
            ? matrix("output.weight", vocabulary, embedding)
            : tokens;
    List<LlamaWeights.Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer("blk." + i + "."));
    }
    return new LlamaWeights(tokens, layers, vector("output_norm.weight", embedding), output);
  }

  private LlamaWeights.Layer layer(String prefix) {
    int embedding = config.embedding();
    return new LlamaWeights.Layer(
        vector(prefix + "attn_norm.weight", embedding),
        matrix(prefix + "attn_q.weight", config.querySize(), embedding),
        matrix(prefix + "attn_k.weight", config.kvSize(), embedding),
        matrix(prefix + "attn_v.weight", config.kvSize(), embedding),
        matrix(prefix + "attn_output.weight", embedding, config.querySize()),
        vector(prefix + "ffn_norm.weight", embedding),
        matrix(prefix + "ffn_gate.weight", config.feedForward(), embedding),
        matrix(prefix + "ffn_up.weight", config.feedForward(), embedding),
        matrix(prefix + "ffn_down.weight", embedding, config.feedForward()));
  }

  private PackedMatrix matrix(String name, int rows, int columns) {
    GgufTensor tensor = checked(name, List.of((long) columns, (long) rows));
    MatrixPacker packer = MatrixPacker.of(tensor, allocator);
    packers.add(packer);
    return packer.matrix();
  }

  private float[] vector(String name, int size) {
    GgufTensor tensor = checked(name, List.of((long) size));
    if (tensor.type() != GgmlType.F32) {
      throw new GgufException("tensor " + name, "a norm of type " + tensor.type() + ", not F32");
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = tensor.data().get(MatrixPacker.FLOAT, 4L * i);
    }
    return values;
  }

  private GgufTensor checked(String name, List<Long> shape) {
    GgufTensor tensor = file.tensor(name);
    if (!tensor.shape().equals(shape)) {
      throw new GgufException(
          "tensor " + name, "has the shape " + tensor.shape() + " instead of " + shape);
    }
    return tensor;
  }
}
