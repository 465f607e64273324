package io.galerne.engine;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.gguf.Quantiser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Random models laid out as Mistral's are published: the llama architecture with grouped queries,
 * and a SentencePiece vocabulary with scores and byte tokens.
 */
public final class TinyMistral {
  public static final int EXPERTS = 8;
  public static final int EXPERTS_USED = 2;
  private static final int EMBEDDING = 64;
  private static final int FEED_FORWARD = 96;
  private static final int HEADS = 8;
  private static final int KV_HEADS = 2;
  private static final int HEAD_SIZE = EMBEDDING / HEADS;
  private static final int LAYERS = 2;
  private static final int CONTEXT = 512;
  private static final List<String> MARKS =
      List.of(
          "[INST]",
          "[/INST]",
          "[TOOL_CALLS]",
          "[AVAILABLE_TOOLS]",
          "[/AVAILABLE_TOOLS]",
          "[TOOL_RESULTS]",
          "[/TOOL_RESULTS]");

  /** Ids of the token that ends an answer, and in v3 of the one that begins calls of tools. */
  public static final int END = 2;

  public static final int TOOL_CALLS = 3 + MARKS.indexOf("[TOOL_CALLS]");

  private final GgufWriter writer = new GgufWriter();
  private final GgmlType type;
  private final Random random;

  private TinyMistral(GgmlType type, long seed) {
    this.type = type;
    this.random = new Random(seed);
  }

  /** As Mistral 7B v0.1 and v0.2: the marks of a turn are ordinary text. */
  public static GgufWriter v1(GgmlType type, long seed) {
    return dense(type, seed, List.of());
  }

  /** As Mistral 7B v0.3: the marks of a turn are control tokens. */
  public static GgufWriter v3(GgmlType type, long seed) {
    return dense(type, seed, MARKS);
  }

  private static GgufWriter dense(GgmlType type, long seed, List<String> marks) {
    TinyMistral model = new TinyMistral(type, seed);
    model.metadata("Tiny Mistral", marks);
    model.tensors(
        prefix -> {
          model.matrix(prefix + "ffn_gate.weight", FEED_FORWARD, EMBEDDING);
          model.matrix(prefix + "ffn_up.weight", FEED_FORWARD, EMBEDDING);
          model.matrix(prefix + "ffn_down.weight", EMBEDDING, FEED_FORWARD);
        });
    return model.writer;
  }

  /**
   * As Mixtral 8x7B, in format v1.
   *
   * @param fused all experts of a layer in one tensor; else a tensor for each, as files were made
   *     in the first months. The weights are the same.
   */
  public static GgufWriter mixture(GgmlType type, long seed, boolean fused) {
    TinyMistral model = new TinyMistral(type, seed);
    model.metadata("Tiny Mixtral", List.of());
    model
        .writer
        .u32("llama.expert_count", EXPERTS)
        .u32("llama.expert_used_count", EXPERTS_USED)
        .f32("llama.rope.freq_base", 1e6f);
    model.tensors(
        prefix -> {
          model.writer.tensor(
              prefix + "ffn_gate_inp.weight",
              model.weights(EXPERTS, EMBEDDING),
              EMBEDDING,
              EXPERTS);
          model.experts(prefix, "ffn_gate", FEED_FORWARD, EMBEDDING, fused);
          model.experts(prefix, "ffn_up", FEED_FORWARD, EMBEDDING, fused);
          model.experts(prefix, "ffn_down", EMBEDDING, FEED_FORWARD, fused);
        });
    return model.writer;
  }

  private interface FeedForward {
    void write(String prefix);
  }

  private void tensors(FeedForward feedForward) {
    int vocabulary = 3 + MARKS.size() + 256 + pieces().size();
    matrix("token_embd.weight", vocabulary, EMBEDDING);
    for (int i = 0; i < LAYERS; i++) {
      String prefix = "blk." + i + ".";
      norm(prefix + "attn_norm.weight");
      matrix(prefix + "attn_q.weight", EMBEDDING, EMBEDDING);
      matrix(prefix + "attn_k.weight", KV_HEADS * HEAD_SIZE, EMBEDDING);
      matrix(prefix + "attn_v.weight", KV_HEADS * HEAD_SIZE, EMBEDDING);
      matrix(prefix + "attn_output.weight", EMBEDDING, EMBEDDING);
      norm(prefix + "ffn_norm.weight");
      feedForward.write(prefix);
    }
    norm("output_norm.weight");
    matrix("output.weight", vocabulary, EMBEDDING);
  }

  /** Every file has as many tokens: where marks are text, unused ones stand in their place. */
  private void metadata(String name, List<String> marks) {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
    for (int i = 0; i < MARKS.size(); i++) {
      tokens.add(marks.isEmpty() ? "<reserved_" + i + ">" : marks.get(i));
      types.add(marks.isEmpty() ? 5 : 3);
    }
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
      types.add(6);
    }
    List<String> pieces = pieces();
    float[] scores = new float[tokens.size() + pieces.size()];
    for (int i = 0; i < pieces.size(); i++) {
      scores[tokens.size()] = -i;
      tokens.add(pieces.get(i));
      types.add(1);
    }
    writer
        .string("general.architecture", "llama")
        .string("general.name", name)
        .u32("llama.block_count", LAYERS)
        .u32("llama.context_length", CONTEXT)
        .u32("llama.embedding_length", EMBEDDING)
        .u32("llama.feed_forward_length", FEED_FORWARD)
        .u32("llama.attention.head_count", HEADS)
        .u32("llama.attention.head_count_kv", KV_HEADS)
        .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .f32("llama.rope.freq_base", 10_000)
        .u32("llama.rope.dimension_count", HEAD_SIZE)
        .string("tokenizer.ggml.model", "llama")
        .strings("tokenizer.ggml.tokens", tokens)
        .f32s("tokenizer.ggml.scores", scores)
        .i32s("tokenizer.ggml.token_type", types.stream().mapToInt(Integer::intValue).toArray())
        .u32("tokenizer.ggml.bos_token_id", 1)
        .u32("tokenizer.ggml.eos_token_id", 2)
        .u32("tokenizer.ggml.unknown_token_id", 0)
        .bool("tokenizer.ggml.add_bos_token", true)
        .bool("tokenizer.ggml.add_eos_token", false)
        .string(
            "tokenizer.chat_template",
            "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}"
                + "{{ '[INST] ' + m['content'] + ' [/INST]' }}"
                + "{% else %}{{ m['content'] + eos_token }}{% endif %}{% endfor %}");
  }

  /** The token of a printable character or a blank by itself. */
  public static int token(char character) {
    String piece = character == ' ' ? "\u2581" : String.valueOf(character);
    return 3 + MARKS.size() + 256 + pieces().indexOf(piece);
  }

  /** The likeliest merges first, single letters last, as SentencePiece trains them. */
  private static List<String> pieces() {
    List<String> pieces = new ArrayList<>(List.of("\u2581t", "he", "\u2581the", "in", "er", "re"));
    pieces.addAll(List.of("\u2581a", "on", "\u2581w", "or", "at", "IN", "ST", "INST"));
    pieces.add("\u2581");
    for (char letter = '!'; letter <= '~'; letter++) {
      pieces.add(String.valueOf(letter));
    }
    return pieces;
  }

  private void experts(String prefix, String name, int rows, int columns, boolean fused) {
    float[] weights = weights(EXPERTS * rows, columns);
    byte[] data = Quantiser.quantise(type, weights);
    if (fused) {
      writer.tensor(prefix + name + "_exps.weight", type, data, columns, rows, EXPERTS);
      return;
    }
    int size = data.length / EXPERTS;
    for (int i = 0; i < EXPERTS; i++) {
      byte[] one = Arrays.copyOfRange(data, i * size, (i + 1) * size);
      writer.tensor(prefix + name + "." + i + ".weight", type, one, columns, rows);
    }
  }

  private void matrix(String name, int rows, int columns) {
    writer.tensor(name, type, weights(rows, columns), columns, rows);
  }

  private float[] weights(int rows, int columns) {
    float[] weights = new float[rows * columns];
    float scale = (float) (4 / Math.sqrt(columns));
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (random.nextFloat() - 0.5f) * scale;
    }
    return weights;
  }

  private void norm(String name) {
    float[] weights = new float[EMBEDDING];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 0.5f + random.nextFloat();
    }
    writer.tensor(name, weights, EMBEDDING);
  }
}
