package io.galerne.engine;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.kernel.RandomMatrices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The honest files that hostile ones are made from: each of a few kilobytes, so that most of a file
 * is header, and each of another shape. A new kind of model is a new line in {@link #files}.
 */
final class FuzzCorpus {
  static final int EMBEDDING = 32;
  private static final int FEED_FORWARD = 32;
  private static final int KV_SIZE = 16;

  private FuzzCorpus() {}

  static List<byte[]> files() {
    return List.of(
        dense(GgmlType.F32, false).toByteArray(),
        dense(GgmlType.F16, true).toByteArray(),
        dense(GgmlType.Q8_0, false).toByteArray(),
        dense(GgmlType.Q4_0, true).version(2).toByteArray(),
        dense(GgmlType.Q4_1, false).alignment(64).toByteArray());
  }

  /** One block of a llama with two query heads and one key head. */
  static GgufWriter dense(GgmlType type, boolean ownOutput) {
    Random random = new Random(type.name().hashCode());
    List<String> tokens = vocabulary();
    GgufWriter writer = metadata(tokens);
    matrix(writer, "token_embd.weight", type, tokens.size(), EMBEDDING, random);
    norm(writer, "blk.0.attn_norm.weight");
    matrix(writer, "blk.0.attn_q.weight", type, EMBEDDING, EMBEDDING, random);
    matrix(writer, "blk.0.attn_k.weight", type, KV_SIZE, EMBEDDING, random);
    matrix(writer, "blk.0.attn_v.weight", type, KV_SIZE, EMBEDDING, random);
    matrix(writer, "blk.0.attn_output.weight", type, EMBEDDING, EMBEDDING, random);
    norm(writer, "blk.0.ffn_norm.weight");
    matrix(writer, "blk.0.ffn_gate.weight", type, FEED_FORWARD, EMBEDDING, random);
    matrix(writer, "blk.0.ffn_up.weight", type, FEED_FORWARD, EMBEDDING, random);
    matrix(writer, "blk.0.ffn_down.weight", type, EMBEDDING, FEED_FORWARD, random);
    norm(writer, "output_norm.weight");
    if (ownOutput) {
      matrix(writer, "output.weight", type, tokens.size(), EMBEDDING, random);
    }
    return writer;
  }

  private static GgufWriter metadata(List<String> tokens) {
    int[] types = Collections.nCopies(tokens.size(), 1).stream().mapToInt(i -> i).toArray();
    types[0] = 3;
    types[1] = 3;
    return new GgufWriter()
        .string("general.architecture", "llama")
        .string("general.name", "mini")
        .u32("general.quantization_version", 2)
        .u32("llama.block_count", 1)
        .u32("llama.context_length", 64)
        .u32("llama.embedding_length", EMBEDDING)
        .u32("llama.feed_forward_length", FEED_FORWARD)
        .u32("llama.attention.head_count", 2)
        .u32("llama.attention.head_count_kv", 1)
        .u32("llama.attention.key_length", KV_SIZE)
        .u32("llama.attention.value_length", KV_SIZE)
        .u32("llama.attention.sliding_window", 0)
        .u32("llama.expert_count", 0)
        .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .f32("llama.rope.freq_base", 10_000)
        .u32("llama.rope.dimension_count", KV_SIZE)
        .string("llama.rope.scaling.type", "none")
        .string("tokenizer.ggml.model", "gpt2")
        .string("tokenizer.ggml.pre", "gpt-2")
        .strings("tokenizer.ggml.tokens", tokens)
        .strings("tokenizer.ggml.merges", List.of("a b", "ab c"))
        .i32s("tokenizer.ggml.token_type", types)
        .u32("tokenizer.ggml.bos_token_id", 0)
        .u32("tokenizer.ggml.eos_token_id", 1)
        .u32("tokenizer.ggml.eot_token_id", 1)
        .bool("tokenizer.ggml.add_bos_token", true)
        .string(
            "tokenizer.chat_template",
            "{% for m in messages %}<s>{{ m['content']|trim }}{% endfor %}");
  }

  static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("<s>", "</s>"));
    for (char letter = 'a'; letter <= 'n'; letter++) {
      tokens.add(String.valueOf(letter));
    }
    tokens.add("ab");
    tokens.add("abc");
    return tokens;
  }

  private static void matrix(
      GgufWriter writer, String name, GgmlType type, int rows, int columns, Random random) {
    byte[] data = RandomMatrices.bytes(type, rows, columns, 0.3f, random);
    writer.tensor(name, type, data, columns, rows);
  }

  private static void norm(GgufWriter writer, String name) {
    float[] ones = new float[EMBEDDING];
    Arrays.fill(ones, 1);
    writer.tensor(name, ones, EMBEDDING);
  }
}
