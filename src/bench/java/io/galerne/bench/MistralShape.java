package io.galerne.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A GGUF file (version 3) with the shapes, types and size of Mistral 7B in Q4_0, and random
 * weights: for speed, which is the same for any weights. 4.1 GB.
 */
final class MistralShape {
  private static final int LAYERS = 32;
  private static final int EMBEDDING = 4096;
  private static final int FEED_FORWARD = 14_336;
  private static final int KV = 1024;
  private static final int VOCABULARY = 32_000;
  private static final int ALIGNMENT = 32;
  private static final int F32 = 0;
  private static final int Q4_0 = 2;
  private static final int Q6_K = 14;
  private static final int BLOCK = 32;
  private static final int SUPER_BLOCK = 256;
  private static final int Q4_0_BYTES = 18;
  private static final int Q6_K_BYTES = 210;
  private static final int Q6_K_SCALES = 192;

  private record Tensor(String name, int type, int rows, int columns) {
    long bytes() {
      long weights = (long) rows * columns;
      return switch (type) {
        case F32 -> 4 * weights;
        case Q4_0 -> weights / BLOCK * Q4_0_BYTES;
        default -> weights / SUPER_BLOCK * Q6_K_BYTES;
      };
    }
  }

  private final ByteBuffer header = ByteBuffer.allocate(4 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final List<Tensor> tensors = tensors();
  private final SplittableRandom random = new SplittableRandom(7);

  private MistralShape() {}

  /** Leaves a file that is there as it is. */
  static void write(Path file) throws IOException {
    if (Files.exists(file)) {
      System.out.println(file + " is there");
      return;
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream out = Files.newOutputStream(unfinished)) {
      new MistralShape().write(out);
    }
    Files.move(unfinished, file);
    System.out.printf("%s: %d bytes%n", file, Files.size(file));
  }

  private static List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    tensors.add(new Tensor("token_embd.weight", Q4_0, VOCABULARY, EMBEDDING));
    for (int i = 0; i < LAYERS; i++) {
      String layer = "blk." + i + ".";
      tensors.add(new Tensor(layer + "attn_norm.weight", F32, 1, EMBEDDING));
      tensors.add(new Tensor(layer + "attn_q.weight", Q4_0, EMBEDDING, EMBEDDING));
      tensors.add(new Tensor(layer + "attn_k.weight", Q4_0, KV, EMBEDDING));
      tensors.add(new Tensor(layer + "attn_v.weight", Q4_0, KV, EMBEDDING));
      tensors.add(new Tensor(layer + "attn_output.weight", Q4_0, EMBEDDING, EMBEDDING));
      tensors.add(new Tensor(layer + "ffn_norm.weight", F32, 1, EMBEDDING));
      tensors.add(new Tensor(layer + "ffn_gate.weight", Q4_0, FEED_FORWARD, EMBEDDING));
      tensors.add(new Tensor(layer + "ffn_up.weight", Q4_0, FEED_FORWARD, EMBEDDING));
      tensors.add(new Tensor(layer + "ffn_down.weight", Q4_0, EMBEDDING, FEED_FORWARD));
    }
    tensors.add(new Tensor("output_norm.weight", F32, 1, EMBEDDING));
    tensors.add(new Tensor("output.weight", Q6_K, VOCABULARY, EMBEDDING));
    return tensors;
  }

  private void write(OutputStream out) throws IOException {
    metadata();
    long offset = 0;
    for (Tensor tensor : tensors) {
      string(tensor.name());
      header.putInt(tensor.rows() == 1 ? 1 : 2).putLong(tensor.columns());
      if (tensor.rows() > 1) {
        header.putLong(tensor.rows());
      }
      header.putInt(tensor.type()).putLong(offset);
      offset += aligned(tensor.bytes());
    }
    out.write(header.array(), 0, header.position());
    out.write(new byte[(int) (aligned(header.position()) - header.position())]);
    for (Tensor tensor : tensors) {
      for (int row = 0; row < tensor.rows(); row++) {
        out.write(row(tensor));
      }
      out.write(new byte[(int) (aligned(tensor.bytes()) - tensor.bytes())]);
    }
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private byte[] row(Tensor tensor) {
    byte[] bytes = new byte[(int) (tensor.bytes() / tensor.rows())];
    ByteBuffer row = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (tensor.type() == F32) {
      while (row.hasRemaining()) {
        row.putFloat(1);
      }
      return bytes;
    }
    random.nextBytes(bytes);
    if (tensor.type() == Q4_0) {
      short scale = Float.floatToFloat16(0.003f); // weights of a deviation of about 0.014
      for (int block = 0; block < bytes.length; block += Q4_0_BYTES) {
        row.putShort(block, scale);
      }
    } else {
      for (int block = 0; block < bytes.length; block += Q6_K_BYTES) {
        for (int i = Q6_K_SCALES; i < Q6_K_BYTES - 2; i++) {
          row.put(block + i, (byte) 16);
        }
        row.putShort(block + Q6_K_BYTES - 2, Float.floatToFloat16(0.00005f));
      }
    }
    return bytes;
  }

  private void metadata() {
    header.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(tensors.size());
    int count = header.position();
    header.putLong(0);
    int[] keys = {0};
    Consumer<Runnable> add =
        one -> {
          one.run();
          keys[0]++;
        };
    add.accept(() -> text("general.architecture", "llama"));
    add.accept(() -> text("general.name", "Mistral 7B's shape, random weights"));
    add.accept(() -> number("general.file_type", Q4_0));
    add.accept(() -> number("llama.block_count", LAYERS));
    add.accept(() -> number("llama.context_length", 32_768));
    add.accept(() -> number("llama.embedding_length", EMBEDDING));
    add.accept(() -> number("llama.feed_forward_length", FEED_FORWARD));
    add.accept(() -> number("llama.attention.head_count", 32));
    add.accept(() -> number("llama.attention.head_count_kv", 8));
    add.accept(() -> number("llama.rope.dimension_count", 128));
    add.accept(() -> number("llama.vocab_size", VOCABULARY));
    add.accept(() -> fraction("llama.rope.freq_base", 1e6f));
    add.accept(() -> fraction("llama.attention.layer_norm_rms_epsilon", 1e-5f));
    add.accept(() -> text("tokenizer.ggml.model", "llama"));
    add.accept(() -> number("tokenizer.ggml.bos_token_id", 1));
    add.accept(() -> number("tokenizer.ggml.eos_token_id", 2));
    add.accept(() -> number("tokenizer.ggml.unknown_token_id", 0));
    add.accept(this::tokens);
    add.accept(this::scores);
    add.accept(this::types);
    header.putLong(count, keys[0]);
  }

  private void tokens() {
    array("tokenizer.ggml.tokens", 8);
    List.of("<unk>", "<s>", "</s>").forEach(this::string);
    for (int i = 0; i < 256; i++) {
      string("<0x%02X>".formatted(i));
    }
    for (int i = 259; i < VOCABULARY; i++) {
      string("\u2581w" + Integer.toString(i, 36));
    }
  }

  private void scores() {
    array("tokenizer.ggml.scores", 6);
    for (int i = 0; i < VOCABULARY; i++) {
      header.putFloat(i < 259 ? 0 : -i);
    }
  }

  private void types() {
    array("tokenizer.ggml.token_type", 5);
    for (int i = 0; i < VOCABULARY; i++) {
      header.putInt(i == 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1);
    }
  }

  private void array(String key, int type) {
    string(key);
    header.putInt(9).putInt(type).putLong(VOCABULARY);
  }

  private void number(String key, int value) {
    string(key);
    header.putInt(4).putInt(value);
  }

  private void fraction(String key, float value) {
    string(key);
    header.putInt(6).putFloat(value);
  }

  private void text(String key, String value) {
    string(key);
    header.putInt(8);
    string(value);
  }

  private void string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    header.putLong(utf8.length).put(utf8);
  }
}
