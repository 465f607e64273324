package io.galerne.engine;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.AttentionUnit;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.MatrixPacker;
import io.galerne.engine.kernel.PackedMatrix;
import io.galerne.engine.model.KvCache;
import io.galerne.engine.model.LlamaConfig;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The memory that a model takes, known before any of it is allocated.
 *
 * @param weightsBytes packed weights, outside the heap
 * @param kvBytesPerToken keys and values of one position over all layers
 * @param kvBytes most that the cache of keys and values grows to
 * @param workingBytes activations, attention scores, logits and sampling, in the heap
 * @param largestArray elements of the largest single array
 */
public record MemoryEstimate(
    long weightsBytes, long kvBytesPerToken, long kvBytes, long workingBytes, long largestArray) {
  private static final String FIELD = "memory";
  private static final long ARRAY_MAX = Integer.MAX_VALUE - 8L;
  private static final long POINTER_BYTES = 8;

  /** An array's own, and two objects that let machine code see it. */
  private static final long VIEW_BYTES = 112;

  /**
   * Adds up what an engine with these settings will allocate for these tensors.
   *
   * @param vocabulary tokens that the tokenizer knows
   */
  public static MemoryEstimate of(
      LlamaConfig config, Collection<GgufTensor> tensors, int vocabulary, EngineSettings settings) {
    long blockBytes = KvCache.blockBytes(config);
    long blocks = blocks(config, settings);
    var working = new WorkingMemory(config, vocabulary, settings, blocks);
    long pointers = blocks * 2 * config.layers() * (2 * POINTER_BYTES + VIEW_BYTES);
    return new MemoryEstimate(
        weightsBytes(tensors),
        blockBytes / KvCache.BLOCK_TOKENS,
        blocks * blockBytes + pointers,
        working.floats() * Float.BYTES,
        Math.max(working.largest(), blocks));
  }

  /**
   * What the packed weights of a file alone take, without a look at the rest of it.
   *
   * @throws WeightsException if it is no GGUF file, or a broken one
   */
  public static long weightsBytes(Path path) {
    try (GgufFile file = GgufFile.open(path)) {
      return weightsBytes(file.tensors());
    } catch (GgufException e) {
      throw new WeightsException(path, e);
    }
  }

  /** Blocks that the cache will have: no more than positions can be counted in an int. */
  static long blocks(LlamaConfig config, EngineSettings settings) {
    long most = (Integer.MAX_VALUE - Kernels.SCRATCH) / KvCache.BLOCK_TOKENS;
    return Math.min(settings.kvMemoryBytes() / KvCache.blockBytes(config), most);
  }

  /** What so many blocks of keys and values take. */
  public long kvBytesOf(int blocks) {
    return blocks * kvBytesPerToken * KvCache.BLOCK_TOKENS;
  }

  public long totalBytes() {
    return weightsBytes + kvBytes + workingBytes;
  }

  /**
   * Makes sure that the model fits.
   *
   * @param machineBytes what the machine has for this process, in the heap and outside
   * @param heapBytes what the heap may grow to
   * @throws GgufException of the field {@code memory} with what is needed and what there is
   */
  void requireFits(long machineBytes, long heapBytes) {
    if (kvBytes < 2 * kvBytesPerToken * KvCache.BLOCK_TOKENS) {
      throw new GgufException(
          FIELD,
          "kvMemoryBytes hold fewer than two blocks of %,d bytes of keys and values"
              .formatted(kvBytesPerToken * KvCache.BLOCK_TOKENS));
    }
    if (largestArray > ARRAY_MAX) {
      throw new GgufException(
          FIELD,
          "an array of %,d elements is needed, %,d are the most"
              .formatted(largestArray, ARRAY_MAX));
    }
    if (totalBytes() > machineBytes) {
      throw tooLarge(
          "%,d bytes are needed".formatted(totalBytes()), machineBytes, "in this machine");
    }
    if (kvBytes + workingBytes > heapBytes) {
      throw tooLarge(
          "%,d bytes are needed in the heap".formatted(kvBytes + workingBytes),
          heapBytes,
          "by -Xmx");
    }
  }

  private GgufException tooLarge(String needed, long available, String where) {
    return new GgufException(
        FIELD,
        "%s (weights %,d, keys and values %,d, working memory %,d) but %,d are available %s"
            .formatted(needed, weightsBytes, kvBytes, workingBytes, available, where));
  }

  private static long weightsBytes(Collection<GgufTensor> tensors) {
    long bytes = 0;
    for (GgufTensor tensor : tensors) {
      boolean isVector = tensor.shape().size() == 1;
      bytes +=
          isVector
              ? (long) tensor.columns() * Float.BYTES
              : tensor.matrices() * MatrixPacker.packedBytes(tensor.matrix(0));
    }
    return bytes;
  }

  /** Arrays of the forward pass and of sampling, by their shapes. */
  private record WorkingMemory(
      LlamaConfig config, long vocabulary, EngineSettings settings, long blocks) {
    /** Unnormalised probability as a float, and a candidate of twice the size. */
    private static final int SAMPLER_FLOATS = 3;

    long floats() {
      long threads = settings.threads();
      long tokens = settings.stepTokensMax();
      long both = (long) config.querySize() + config.kvSize() + config.feedForward();
      return 2 * tokens * (config.embedding() + both)
          + activations(Math.max(tokens, settings.sequencesMax()), config.embedding())
          + activations(tokens, config.querySize())
          + activations(tokens, config.feedForward())
          + mixture(tokens)
          + logits()
          + turns()
          + threads * (scores() + Kernels.SCRATCH)
          + threads * AttentionUnit.scratch(group(), config.headSize())
          + threads * SAMPLER_FLOATS * vocabulary;
    }

    /** What tokens sent to experts take beside the network itself. */
    private long mixture(long tokens) {
      long choices = tokens * config.expertsUsed();
      return config.experts() == 0
          ? 0
          : activations(tokens, config.embedding())
              + choices * config.embedding()
              + tokens * config.experts()
              + 4 * choices;
    }

    long largest() {
      long widest =
          Math.max(Math.max(config.embedding(), config.querySize()), config.feedForward());
      long tokens = Math.max(settings.stepTokensMax(), settings.sequencesMax());
      long chosen = tokens * config.expertsUsed() * config.embedding();
      return Math.max(Math.max(activations(tokens, widest), chosen), Math.max(logits(), scores()));
    }

    private long logits() {
      return settings.sequencesMax() * vocabulary;
    }

    /** A cosine and a sine for each pair of a head at each position. */
    private long turns() {
      return config.headSize() * KvCache.positions(config, blocks);
    }

    /** A score for each query head of a group and each position that a token attends to. */
    private long scores() {
      return AttentionUnit.scores(group(), KvCache.positionsAttended(config, blocks));
    }

    private int group() {
      return config.heads() / config.kvHeads();
    }

    /** Padded to whole tiles and blocks, with sums for each block and its halves. */
    private static long activations(long tokens, long size) {
      long blocks = Math.ceilDiv(size, PackedMatrix.BLOCK);
      return Math.ceilDiv(tokens, Activations.TILE)
          * Activations.TILE
          * blocks
          * (PackedMatrix.BLOCK + 3);
    }
  }
}
