package io.galerne.engine;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.kernel.RandomMatrices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A random llama model of a few thousand weights, with a byte-level vocabulary. */
public final class TinyModel {
  public static final int EMBEDDING = 64;
  public static final int FEED_FORWARD = 96;
  public static final int HEADS = 4;
  public static final int KV_HEADS = 2;
  public static final int LAYERS = 2;
  public static final int CONTEXT = 256;
  private static final int HEAD_SIZE = EMBEDDING / HEADS;

  private TinyModel() {}

  /** A writer that holds the whole model: change a field to make it hostile. */
  public static GgufWriter writer(GgmlType type, long seed) {
    Random random = new Random(seed);
    List<String> tokens = vocabulary();
    GgufWriter writer = metadata(tokens);
    matrix(writer, "token_embd.weight", type, tokens.size(), EMBEDDING, random);
    for (int i = 0; i < LAYERS; i++) {
      String prefix = "blk." + i + ".";
      norm(writer, prefix + "attn_norm.weight", random);
      matrix(writer, prefix + "attn_q.weight", type, EMBEDDING, EMBEDDING, random);
      matrix(writer, prefix + "attn_k.weight", type, KV_HEADS * HEAD_SIZE, EMBEDDING, random);
      matrix(writer, prefix + "attn_v.weight", type, KV_HEADS * HEAD_SIZE, EMBEDDING, random);
      matrix(writer, prefix + "attn_output.weight", type, EMBEDDING, EMBEDDING, random);
      norm(writer, prefix + "ffn_norm.weight", random);
      matrix(writer, prefix + "ffn_gate.weight", type, FEED_FORWARD, EMBEDDING, random);
      matrix(writer, prefix + "ffn_up.weight", type, FEED_FORWARD, EMBEDDING, random);
      matrix(writer, prefix + "ffn_down.weight", type, EMBEDDING, FEED_FORWARD, random);
    }
    norm(writer, "output_norm.weight", random);
    return writer;
  }

  private static GgufWriter metadata(List<String> tokens) {
    int[] types = new int[tokens.size()];
    Arrays.fill(types, 1);
    types[0] = 3;
    types[1] = 3;
    return new GgufWriter()
        .string("general.architecture", "llama")
        .string("general.name", "tiny")
        .u32("llama.block_count", LAYERS)
        .u32("llama.context_length", CONTEXT)
        .u32("llama.embedding_length", EMBEDDING)
        .u32("llama.feed_forward_length", FEED_FORWARD)
        .u32("llama.attention.head_count", HEADS)
        .u32("llama.attention.head_count_kv", KV_HEADS)
        .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .f32("llama.rope.freq_base", 10_000)
        .u32("llama.rope.dimension_count", HEAD_SIZE)
        .string("tokenizer.ggml.model", "gpt2")
        .string("tokenizer.ggml.pre", "gpt-2")
        .strings("tokenizer.ggml.tokens", tokens)
        .strings("tokenizer.ggml.merges", List.of("a b"))
        .i32s("tokenizer.ggml.token_type", types)
        .u32("tokenizer.ggml.bos_token_id", 0)
        .u32("tokenizer.ggml.eos_token_id", 1)
        .string(
            "tokenizer.chat_template",
            "{% for m in messages %}<|start|>{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}");
  }

  /** Two control tokens, all 256 bytes in GPT-2's alphabet, and one merge. */
  private static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("<|start|>", "<|end|>"));
    int extra = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      tokens.add(Character.toString(printable ? b : extra++));
    }
    tokens.add("ab");
    return tokens;
  }

  private static void matrix(
      GgufWriter writer, String name, GgmlType type, int rows, int columns, Random random) {
    float scale = (float) (2 / Math.sqrt(columns));
    // Rows that hold no whole super-block are stored in another type, as llama.cpp's quantiser
    // does.
    GgmlType stored = columns % type.blockSize() == 0 ? type : GgmlType.Q8_0;
    byte[] data = RandomMatrices.bytes(stored, rows, columns, scale, random);
    writer.tensor(name, stored, data, columns, rows);
  }

  private static void norm(GgufWriter writer, String name, Random random) {
    float[] weights = new float[EMBEDDING];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 0.5f + random.nextFloat();
    }
    writer.tensor(name, weights, EMBEDDING);
  }
}
