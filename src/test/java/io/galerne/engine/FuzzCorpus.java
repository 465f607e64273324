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
  private static final int HEADS = 2;
  private static final int EXPERTS = 4;
  private static final int WIDE = 256;

  private FuzzCorpus() {}

  static List<byte[]> files() {
    return List.of(
        dense(GgmlType.F32, false).toByteArray(),
        dense(GgmlType.F16, true).toByteArray(),
        dense(GgmlType.Q8_0, false).toByteArray(),
        dense(GgmlType.Q4_0, true).version(2).toByteArray(),
        dense(GgmlType.Q4_1, false).alignment(64).toByteArray(),
        mixture(GgmlType.F32, true).toByteArray(),
        mixture(GgmlType.Q5_0, false).toByteArray(),
        superBlocks(GgmlType.Q2_K).toByteArray(),
        superBlocks(GgmlType.Q3_K).toByteArray(),
        superBlocks(GgmlType.Q4_K).toByteArray(),
        superBlocks(GgmlType.Q5_K).toByteArray(),
        superBlocks(GgmlType.Q6_K).toByteArray());
  }

  /**
   * One block of a mixture of four experts with a sliding window, positions stretched by YaRN, and
   * a SentencePiece vocabulary.
   */
  static GgufWriter mixture(GgmlType type, boolean fused) {
    Random random = new Random(type.name().hashCode());
    GgufWriter writer = new GgufWriter();
    shape(writer, EMBEDDING)
        .u32("llama.attention.sliding_window", 24)
        .u32("llama.expert_count", EXPERTS)
        .u32("llama.expert_used_count", 2)
        .string("llama.rope.scaling.type", "yarn")
        .f32("llama.rope.scaling.factor", 2)
        .u32("llama.rope.scaling.original_context_length", 32)
        .f32("llama.rope.scaling.yarn_beta_fast", 32)
        .f32("llama.rope.scaling.yarn_beta_slow", 1);
    List<String> tokens = sentencePieceVocabulary(writer);
    attention(writer, type, tokens.size(), EMBEDDING, random);
    matrix(writer, "blk.0.ffn_gate_inp.weight", GgmlType.F32, EXPERTS, EMBEDDING, random);
    for (String part : List.of("gate", "up", "down")) {
      for (int i = 0; i < (fused ? 0 : EXPERTS); i++) {
        String name = "blk.0.ffn_" + part + "." + i + ".weight";
        matrix(writer, name, type, FEED_FORWARD, EMBEDDING, random);
      }
      if (fused) {
        String name = "blk.0.ffn_" + part + "_exps.weight";
        byte[] data = RandomMatrices.bytes(type, EXPERTS * FEED_FORWARD, EMBEDDING, 0.3f, random);
        writer.tensor(name, type, data, EMBEDDING, FEED_FORWARD, EXPERTS);
      }
    }
    return writer;
  }

  /** One block whose matrices have rows of 256 columns, but for those that are wide by nature. */
  static GgufWriter superBlocks(GgmlType type) {
    Random random = new Random(type.name().hashCode());
    GgufWriter writer = new GgufWriter();
    shape(writer, WIDE).u32("llama.rope.dimension_count", KV_SIZE);
    List<String> tokens = sentencePieceVocabulary(writer);
    attention(writer, type, tokens.size(), WIDE, random);
    network(writer, type, WIDE, random);
    return writer;
  }

  /** One block of a llama with two query heads and one key head. */
  static GgufWriter dense(GgmlType type, boolean ownOutput) {
    Random random = new Random(type.name().hashCode());
    List<String> tokens = vocabulary();
    GgufWriter writer = metadata(tokens);
    attention(writer, type, tokens.size(), EMBEDDING, random);
    network(writer, type, EMBEDDING, random);
    if (ownOutput) {
      matrix(writer, "output.weight", type, tokens.size(), EMBEDDING, random);
    }
    return writer;
  }

  /** All but the feed-forward network. */
  private static void attention(
      GgufWriter writer, GgmlType type, int vocabulary, int embedding, Random random) {
    int querySize = HEADS * KV_SIZE;
    matrix(writer, "token_embd.weight", type, vocabulary, embedding, random);
    norm(writer, "blk.0.attn_norm.weight", embedding);
    matrix(writer, "blk.0.attn_q.weight", type, querySize, embedding, random);
    matrix(writer, "blk.0.attn_k.weight", type, KV_SIZE, embedding, random);
    matrix(writer, "blk.0.attn_v.weight", type, KV_SIZE, embedding, random);
    matrix(writer, "blk.0.attn_output.weight", type, embedding, querySize, random);
    norm(writer, "blk.0.ffn_norm.weight", embedding);
    norm(writer, "output_norm.weight", embedding);
  }

  private static void network(GgufWriter writer, GgmlType type, int embedding, Random random) {
    matrix(writer, "blk.0.ffn_gate.weight", type, FEED_FORWARD, embedding, random);
    matrix(writer, "blk.0.ffn_up.weight", type, FEED_FORWARD, embedding, random);
    matrix(writer, "blk.0.ffn_down.weight", type, embedding, FEED_FORWARD, random);
  }

  private static GgufWriter shape(GgufWriter writer, int embedding) {
    return writer
        .string("general.architecture", "llama")
        .string("general.name", "mini")
        .u32("llama.block_count", 1)
        .u32("llama.context_length", 64)
        .u32("llama.embedding_length", embedding)
        .u32("llama.feed_forward_length", FEED_FORWARD)
        .u32("llama.attention.head_count", HEADS)
        .u32("llama.attention.head_count_kv", 1)
        .u32("llama.attention.key_length", KV_SIZE)
        .u32("llama.attention.value_length", KV_SIZE);
  }

  /** A few of the byte tokens are there, most are not. */
  static List<String> sentencePieceVocabulary(GgufWriter writer) {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>", "<0x0A>", "<0x41>"));
    int[] types = {2, 3, 3, 6, 6, 1, 1, 1, 1, 1, 1, 1, 1};
    tokens.addAll(List.of("\u2581", "a", "b", "c", "d", "ab", "abc", "\u2581a"));
    float[] scores = {0, 0, 0, 0, 0, -4, -5, -6, -7, -8, -1, -2, -3};
    writer
        .string("tokenizer.ggml.model", "llama")
        .strings("tokenizer.ggml.tokens", tokens)
        .f32s("tokenizer.ggml.scores", scores)
        .i32s("tokenizer.ggml.token_type", types)
        .u32("tokenizer.ggml.bos_token_id", 1)
        .u32("tokenizer.ggml.eos_token_id", 2)
        .u32("tokenizer.ggml.unknown_token_id", 0)
        .bool("tokenizer.ggml.add_space_prefix", true)
        .string(
            "tokenizer.chat_template",
            "{{ bos_token }}{% for m in messages %}[INST] {{ m['content'] }} [/INST]{% endfor %}");
    return tokens;
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

  /** Rows that hold no whole super-block are stored in another type, as llama.cpp does. */
  private static void matrix(
      GgufWriter writer, String name, GgmlType type, int rows, int columns, Random random) {
    GgmlType stored = columns % type.blockSize() == 0 ? type : GgmlType.Q5_1;
    byte[] data = RandomMatrices.bytes(stored, rows, columns, 0.3f, random);
    writer.tensor(name, stored, data, columns, rows);
  }

  private static void norm(GgufWriter writer, String name, int size) {
    float[] ones = new float[size];
    Arrays.fill(ones, 1);
    writer.tensor(name, ones, size);
  }
}
