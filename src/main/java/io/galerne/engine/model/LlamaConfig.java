package io.galerne.engine.model;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufMetadata;

/**
 * The shape of a model of the llama architecture (Touvron et al., 2023; grouped-query attention:
 * Ainslie et al., 2023).
 *
 * @param layers transformer blocks
 * @param embedding elements of a token's state
 * @param feedForward elements inside the feed-forward network
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headSize elements of a head
 * @param ropeDimensions leading elements of a head that rotate; even
 * @param contextTokens longest sequence
 */
public record LlamaConfig(
    int layers,
    int embedding,
    int feedForward,
    int heads,
    int kvHeads,
    int headSize,
    int ropeDimensions,
    float ropeBase,
    float normEpsilon,
    int contextTokens) {
  private static final String ARCHITECTURE = "llama";
  private static final int LAYERS_MAX = 512;
  private static final int SIZE_MAX = 1 << 20;

  /**
   * Reads and checks the configuration.
   *
   * @throws GgufException naming the key that is missing, out of range or not supported
   */
  public static LlamaConfig from(GgufMetadata metadata) {
    String architecture = metadata.string("general.architecture");
    if (!architecture.equals(ARCHITECTURE)) {
      throw new GgufException(
          "general.architecture", "'" + architecture + "' is not supported, only 'llama' is");
    }
    if (metadata.integer("llama.expert_count", 0) != 0) {
      throw new GgufException("llama.expert_count", "mixtures of experts are not supported");
    }
    String scaling = metadata.findString("llama.rope.scaling.type").orElse("none");
    if (!scaling.equals("none")) {
      throw new GgufException("llama.rope.scaling.type", "'" + scaling + "' is not supported");
    }
    int embedding = size(metadata, "llama.embedding_length", SIZE_MAX);
    int heads = size(metadata, "llama.attention.head_count", SIZE_MAX);
    int kvHeads = kvHeads(metadata, heads);
    if (embedding % heads != 0) {
      throw new GgufException(
          "llama.attention.head_count", heads + " does not divide the embedding " + embedding);
    }
    int headSize = headSize(metadata, embedding / heads);
    return new LlamaConfig(
        size(metadata, "llama.block_count", LAYERS_MAX),
        embedding,
        size(metadata, "llama.feed_forward_length", SIZE_MAX),
        heads,
        kvHeads,
        headSize,
        ropeDimensions(metadata, headSize),
        positive(metadata, "llama.rope.freq_base", 10_000),
        positive(metadata, "llama.attention.layer_norm_rms_epsilon", 1e-5f),
        contextTokens(metadata));
  }

  private static int size(GgufMetadata metadata, String key, int max) {
    int value = metadata.integer(key);
    if (value < 1 || value > max) {
      throw new GgufException(key, value + " is not in 1 to " + max);
    }
    return value;
  }

  private static int kvHeads(GgufMetadata metadata, int heads) {
    String key = "llama.attention.head_count_kv";
    int kvHeads = metadata.integer(key, heads);
    if (kvHeads < 1 || heads % kvHeads != 0) {
      throw new GgufException(key, kvHeads + " does not divide the " + heads + " query heads");
    }
    return kvHeads;
  }

  private static int headSize(GgufMetadata metadata, int otherwise) {
    String key = "llama.attention.key_length";
    int headSize = metadata.integer(key, otherwise);
    int valueSize = metadata.integer("llama.attention.value_length", headSize);
    if (headSize < 2 || headSize % 2 != 0 || headSize > SIZE_MAX) {
      throw new GgufException(key, headSize + " is not an even number of at least 2");
    }
    if (valueSize != headSize) {
      throw new GgufException(
          "llama.attention.value_length", "differs from the key length " + headSize);
    }
    return headSize;
  }

  private static int ropeDimensions(GgufMetadata metadata, int headSize) {
    String key = "llama.rope.dimension_count";
    int dimensions = metadata.integer(key, headSize);
    if (dimensions < 0 || dimensions % 2 != 0 || dimensions > headSize) {
      throw new GgufException(
          key, dimensions + " is not an even number of at most the head size " + headSize);
    }
    return dimensions;
  }

  private static float positive(GgufMetadata metadata, String key, float otherwise) {
    float value = metadata.number(key, otherwise);
    if (!(value > 0) || Float.isInfinite(value)) {
      throw new GgufException(key, value + " is not a positive number");
    }
    return value;
  }

  /**
   * Within its window, sliding-window attention is plain attention: the window bounds the context.
   */
  private static int contextTokens(GgufMetadata metadata) {
    int context = size(metadata, "llama.context_length", Integer.MAX_VALUE);
    int window = metadata.integer("llama.attention.sliding_window", 0);
    return window > 0 ? Math.min(context, window) : context;
  }

  /** Elements of all query heads together. */
  public int querySize() {
    return heads * headSize;
  }

  /** Elements of all key (or value) heads together. */
  public int kvSize() {
    return kvHeads * headSize;
  }
}
