package io.galerne.engine.model;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufMetadata;
import java.util.List;

/**
 * The shape of a model of the llama architecture (Touvron et al., 2023; grouped-query attention:
 * Ainslie et al., 2023) and of Mistral's models, which share it: sliding windows (Jiang et al.,
 * 2023) and mixtures of experts (Jiang et al., 2024) included.
 *
 * @param architecture GGUF's {@code general.architecture}
 * @param layers transformer blocks
 * @param embedding elements of a token's state
 * @param feedForward elements inside the feed-forward network, or inside each expert
 * @param experts feed-forward networks of a block to choose from; 0 for a dense model
 * @param expertsUsed networks that each token is sent through
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headSize elements of a head
 * @param attentionScale what scores are multiplied by
 * @param slidingWindow positions that a token attends to, its own included; 0 for all before it
 * @param contextTokens longest sequence
 */
public record LlamaConfig(
    String architecture,
    int layers,
    int embedding,
    int feedForward,
    int experts,
    int expertsUsed,
    int heads,
    int kvHeads,
    int headSize,
    float attentionScale,
    int slidingWindow,
    RopeConfig rope,
    float normEpsilon,
    int contextTokens) {
  /** Mistral's Ministral 3 names itself {@code mistral3}; all others call themselves llama. */
  private static final List<String> ARCHITECTURES = List.of("llama", "mistral3");

  private static final int LAYERS_MAX = 512;
  private static final int SIZE_MAX = 1 << 20;
  private static final int EXPERTS_MAX = 1024;
  private static final float EPSILON_MAX = 1;
  private static final int SOFTMAX_GATING = 1;

  /**
   * Reads and checks the configuration.
   *
   * @throws GgufException naming the key that is missing, out of range or not supported
   */
  public static LlamaConfig from(GgufMetadata metadata) {
    String architecture = metadata.string("general.architecture");
    if (!ARCHITECTURES.contains(architecture)) {
      throw new GgufException(
          "general.architecture",
          "'" + architecture + "' is not supported, only " + ARCHITECTURES + " are");
    }
    var keys = new ArchitectureKeys(metadata, architecture);
    int embedding = keys.size("embedding_length", SIZE_MAX);
    int heads = keys.size("attention.head_count", SIZE_MAX);
    int headSize = headSize(keys, embedding, heads);
    int context = keys.size("context_length", Integer.MAX_VALUE);
    int experts = experts(keys);
    return new LlamaConfig(
        architecture,
        keys.size("block_count", LAYERS_MAX),
        embedding,
        keys.size("feed_forward_length", SIZE_MAX),
        experts,
        expertsUsed(keys, experts),
        heads,
        kvHeads(keys, heads),
        headSize,
        attentionScale(keys, headSize),
        keys.integer("attention.sliding_window", 0, 0, Integer.MAX_VALUE),
        RopeConfig.from(keys, headSize, context),
        keys.number("attention.layer_norm_rms_epsilon", 1e-5f, Float.MIN_NORMAL, EPSILON_MAX),
        context);
  }

  /** Elements of all query heads together. */
  public int querySize() {
    return heads * headSize;
  }

  /** Elements of all key (or value) heads together. */
  public int kvSize() {
    return kvHeads * headSize;
  }

  /** The same model with another window; 0 for none. */
  public LlamaConfig withSlidingWindow(int window) {
    return new LlamaConfig(
        architecture,
        layers,
        embedding,
        feedForward,
        experts,
        expertsUsed,
        heads,
        kvHeads,
        headSize,
        attentionScale,
        window,
        rope,
        normEpsilon,
        contextTokens);
  }

  private static int kvHeads(ArchitectureKeys keys, int heads) {
    int kvHeads = keys.integer("attention.head_count_kv", heads, 1, heads);
    if (heads % kvHeads != 0) {
      throw keys.failure(
          "attention.head_count_kv", kvHeads + " does not divide the " + heads + " query heads");
    }
    return kvHeads;
  }

  private static int headSize(ArchitectureKeys keys, int embedding, int heads) {
    if (!keys.has("attention.key_length") && embedding % heads != 0) {
      throw keys.failure(
          "attention.head_count", heads + " does not divide the embedding " + embedding);
    }
    int headSize = keys.integer("attention.key_length", embedding / heads, 2, SIZE_MAX);
    if (headSize < 2 || headSize % 2 != 0) {
      throw keys.failure("attention.key_length", headSize + " is not an even number of at least 2");
    }
    if (keys.integer("attention.value_length", headSize, 1, SIZE_MAX) != headSize) {
      throw keys.failure("attention.value_length", "differs from the key length " + headSize);
    }
    if ((long) heads * headSize > SIZE_MAX) {
      throw keys.failure("attention.head_count", heads + " heads of " + headSize + " are too many");
    }
    return headSize;
  }

  private static float attentionScale(ArchitectureKeys keys, int headSize) {
    return keys.positive("attention.scale", (float) (1 / Math.sqrt(headSize)));
  }

  private static int experts(ArchitectureKeys keys) {
    keys.refuse("expert_shared_count", 0, "an expert that all tokens share");
    keys.refuse("expert_gating_func", SOFTMAX_GATING, "a router other than softmax");
    keys.refuse("expert_weights_scale", 1, "scaling the experts' weights");
    return keys.integer("expert_count", 0, 0, EXPERTS_MAX);
  }

  private static int expertsUsed(ArchitectureKeys keys, int experts) {
    String key = "expert_used_count";
    if (experts == 0) {
      return keys.integer(key, 0, 0, 0);
    }
    return keys.size(key, experts);
  }
}
