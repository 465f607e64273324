package io.galerne.engine.model;

import io.galerne.engine.gguf.GgufWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A made-up model whose logits Hugging Face transformers computed: see
 * src/test/fixtures/transformers_logits.py, which has the same hash for the weights.
 */
record ReferenceModel(String name, JsonNode keys, JsonNode tensors) {
  static final int POSITIONS = 200;
  static final int VOCABULARY = 32;
  private static final String FOLDER = "/engine/transformers/";

  static List<ReferenceModel> all() {
    JsonNode root = JsonMapper.builder().build().readTree(unzipped("cases.json.gz"));
    List<ReferenceModel> models = new ArrayList<>();
    for (JsonNode node : root.get("cases")) {
      models.add(
          new ReferenceModel(
              node.get("name").stringValue(), node.get("keys"), node.get("tensors")));
    }
    return models;
  }

  static ReferenceModel named(String name) {
    return all().stream().filter(model -> model.name.equals(name)).findFirst().orElseThrow();
  }

  /** The prompt: the same for all models. */
  static int[] tokens() {
    int[] tokens = new int[POSITIONS];
    for (int i = 0; i < POSITIONS; i++) {
      tokens[i] = Integer.remainderUnsigned(hash(seed("tokens"), i), VOCABULARY);
    }
    return tokens;
  }

  /** {@code [positions][vocabulary]} of transformers, unmodified. */
  float[][] logits() {
    return logits(".f32.gz");
  }

  /** The same with keys and values rounded to half floats, which is how the cache holds them. */
  float[][] logitsOfRoundedCache() {
    return logits(".f16kv.f32.gz");
  }

  /** Logits of a model with a router that doesn't divide by the sum of the chosen. */
  float[][] logitsOfWrongRouter() {
    return logits(".wrong.f32.gz");
  }

  private float[][] logits(String suffix) {
    ByteBuffer bytes = ByteBuffer.wrap(unzipped(name + suffix)).order(ByteOrder.LITTLE_ENDIAN);
    float[][] logits = new float[POSITIONS][VOCABULARY];
    for (float[] row : logits) {
      for (int i = 0; i < VOCABULARY; i++) {
        row[i] = bytes.getFloat();
      }
    }
    return logits;
  }

  /** The whole model; experts as a tensor for each. */
  GgufWriter writer() {
    GgufWriter writer = metadata();
    for (JsonNode tensor : tensors) {
      writer.tensor(tensor.get("name").stringValue(), values(tensor), shape(tensor));
    }
    return writer;
  }

  /** The whole model with the experts of a block in one tensor of three dimensions. */
  GgufWriter fusedWriter() {
    GgufWriter writer = metadata();
    Map<String, List<JsonNode>> experts = new LinkedHashMap<>();
    for (JsonNode tensor : tensors) {
      String name = tensor.get("name").stringValue();
      if (name.matches("blk\\.\\d+\\.ffn_(gate|up|down)\\.\\d+\\.weight")) {
        String fused = name.replaceAll("\\.\\d+\\.weight$", "_exps.weight");
        experts.computeIfAbsent(fused, key -> new ArrayList<>()).add(tensor);
      } else {
        writer.tensor(name, values(tensor), shape(tensor));
      }
    }
    experts.forEach(
        (name, parts) -> {
          long[] shape = shape(parts.getFirst());
          int size = Math.toIntExact(shape[0] * shape[1]);
          float[] values = new float[parts.size() * size];
          for (int i = 0; i < parts.size(); i++) {
            System.arraycopy(values(parts.get(i)), 0, values, i * size, size);
          }
          writer.tensor(name, values, shape[0], shape[1], parts.size());
        });
    return writer;
  }

  private GgufWriter metadata() {
    String first = keys.propertyNames().iterator().next();
    String architecture = first.substring(0, first.indexOf('.'));
    GgufWriter writer = new GgufWriter().string("general.architecture", architecture);
    keys.forEachEntry(
        (key, value) -> {
          if (value.isString()) {
            writer.string(key, value.stringValue());
          } else if (value.isIntegralNumber()) {
            writer.u32(key, value.intValue());
          } else {
            writer.f32(key, value.floatValue());
          }
        });
    return writer;
  }

  private static long[] shape(JsonNode tensor) {
    JsonNode shape = tensor.get("shape");
    long[] gguf = new long[shape.size()];
    for (int i = 0; i < gguf.length; i++) {
      gguf[i] = shape.get(gguf.length - 1 - i).intValue();
    }
    return gguf;
  }

  private static float[] values(JsonNode tensor) {
    int rows = tensor.get("shape").get(0).intValue();
    int columns = tensor.get("shape").size() > 1 ? tensor.get("shape").get(1).intValue() : 1;
    float[] values = new float[rows * columns];
    if (tensor.has("values")) {
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.get("values").get(i).floatValue();
      }
      return values;
    }
    int heads = tensor.get("heads").intValue();
    int seed = seed(tensor.get("name").stringValue());
    float scale = tensor.get("scale").floatValue();
    float offset = tensor.get("offset").floatValue();
    JsonNode favourites = tensor.get("favourites");
    for (int row = 0; row < rows; row++) {
      int source = heads == 0 ? row : interleavedFrom(row, rows / heads);
      JsonNode lead = favourites == null ? null : favourites.get(Integer.toString(row));
      for (int column = 0; column < columns; column++) {
        float unit = (hash(seed, source * columns + column) >>> 8) * 0x1p-24f;
        float weight = (unit - 0.5f) * 2 * scale + offset;
        values[row * columns + column] = lead == null ? weight : weight + lead.floatValue();
      }
    }
    return values;
  }

  /**
   * transformers turns element {@code i} of a head with element {@code i + headSize / 2}; GGUF has
   * the two side by side.
   */
  private static int interleavedFrom(int row, int headSize) {
    int i = row % headSize;
    return row - i + i / 2 + i % 2 * (headSize / 2);
  }

  private static int seed(String name) {
    int seed = 0x811C9DC5;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      seed = (seed ^ (b & 0xFF)) * 0x01000193;
    }
    return seed;
  }

  private static int hash(int seed, int index) {
    int x = index * 0x9E3779B9 + seed;
    x = (x ^ (x >>> 16)) * 0x7FEB352D;
    x = (x ^ (x >>> 15)) * 0x846CA68B;
    return x ^ (x >>> 16);
  }

  private static byte[] unzipped(String file) {
    try (InputStream in = ReferenceModel.class.getResourceAsStream(FOLDER + file);
        var unzipped = new GZIPInputStream(Objects.requireNonNull(in, file))) {
      return unzipped.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
