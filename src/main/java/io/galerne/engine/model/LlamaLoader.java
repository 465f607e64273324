package io.galerne.engine.model;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.MatrixPacker;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Packs the weights of a llama model into memory. */
public final class LlamaLoader {
  private static final int GROUPS_AT_ONCE = 16;

  private LlamaLoader() {}

  /**
   * Loads the weights; the file may be closed afterwards. Memory is taken only once every tensor is
   * known to be there and to have its shape.
   *
   * @param vocabulary tokens that the tokenizer knows; the embedding must have as many rows
   * @param allocator gives the memory of the packed weights
   * @param packedBytes told how many bytes are packed so far, from the calling thread
   * @throws GgufException naming the tensor that is missing, has another shape or has no place in
   *     the architecture
   */
  public static LlamaWeights load(
      GgufFile file,
      LlamaConfig config,
      int vocabulary,
      SegmentAllocator allocator,
      ComputePool pool,
      LongConsumer packedBytes) {
    check(file, config, vocabulary);
    List<MatrixPacker> packers = new ArrayList<>();
    var tensors =
        new LlamaTensors(
            file,
            config,
            tensor -> {
              MatrixPacker packer = MatrixPacker.of(tensor, allocator);
              packers.add(packer);
              return packer.matrix();
            });
    LlamaWeights weights = tensors.weights(vocabulary);
    long packed = 0;
    for (MatrixPacker packer : packers) {
      int groups = packer.matrix().groups();
      pool.run(groups, GROUPS_AT_ONCE, (from, to, worker) -> packer.pack(from, to));
      packed += packer.matrix().data().byteSize();
      packedBytes.accept(packed);
    }
    return weights;
  }

  /**
   * Goes through all tensors that {@link #load} will want, without memory for any of them.
   *
   * @throws GgufException as {@link #load}
   */
  public static void check(GgufFile file, LlamaConfig config, int vocabulary) {
    LlamaTensors.check(file, config, vocabulary);
  }

  /** Bytes that the packed matrices of a file will take. */
  public static long packedBytes(GgufFile file) {
    long bytes = 0;
    for (GgufTensor tensor : file.tensors()) {
      if (tensor.shape().size() > 1) {
        bytes += tensor.matrices() * MatrixPacker.packedBytes(tensor.matrix(0));
      }
    }
    return bytes;
  }

  /** Those bytes, and what lies between the matrices so that each begins where it should. */
  public static long allocatedBytes(GgufFile file) {
    long matrices = 0;
    for (GgufTensor tensor : file.tensors()) {
      matrices += tensor.matrices();
    }
    return packedBytes(file) + matrices * MatrixPacker.ALIGNMENT;
  }

  /** Parameters that one token passes through: of a mixture's experts only those it is sent to. */
  public static long activeParameters(GgufFile file, LlamaConfig config) {
    long all = 0;
    long experts = 0;
    for (GgufTensor tensor : file.tensors()) {
      long elements = (long) tensor.columns() * tensor.rows();
      all += elements;
      experts += LlamaTensors.isExpert(tensor.name()) ? elements : 0;
    }
    return config.experts() == 0
        ? all
        : all - experts / config.experts() * (config.experts() - config.expertsUsed());
  }
}
