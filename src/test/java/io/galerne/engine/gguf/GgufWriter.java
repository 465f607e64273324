package io.galerne.engine.gguf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes small GGUF files for tests.
 *
 * <pre>{@code
 * Path file =
 *     new GgufWriter()
 *         .string("general.architecture", "llama")
 *         .u32("llama.block_count", 1)
 *         .tensor("output_norm.weight", new float[] {1, 1}, 2)
 *         .tensor("output.weight", GgmlType.Q8_0, blocks, 32, 4)
 *         .write(folder.resolve("tiny.gguf"));
 * }</pre>
 */
public final class GgufWriter {
  private final Map<String, LittleEndianBytes> values = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private int version = 3;
  private int alignment = 32;

  private record Tensor(int type, long[] shape, byte[] data) {}

  public GgufWriter version(int version) {
    this.version = version;
    return this;
  }

  /** Places tensors at multiples of so many bytes and says so in {@code general.alignment}. */
  public GgufWriter alignment(int alignment) {
    this.alignment = alignment;
    return u32("general.alignment", alignment);
  }

  public GgufWriter u8(String key, int value) {
    return value(key, GgufValueType.UINT8, bytes -> bytes.u8(value));
  }

  public GgufWriter u32(String key, long value) {
    return value(key, GgufValueType.UINT32, bytes -> bytes.u32(value));
  }

  public GgufWriter i32(String key, int value) {
    return value(key, GgufValueType.INT32, bytes -> bytes.u32(value));
  }

  public GgufWriter u64(String key, long value) {
    return value(key, GgufValueType.UINT64, bytes -> bytes.u64(value));
  }

  public GgufWriter f32(String key, float value) {
    return value(key, GgufValueType.FLOAT32, bytes -> bytes.f32(value));
  }

  public GgufWriter f64(String key, double value) {
    return value(key, GgufValueType.FLOAT64, bytes -> bytes.f64(value));
  }

  public GgufWriter bool(String key, boolean value) {
    return value(key, GgufValueType.BOOL, bytes -> bytes.u8(value ? 1 : 0));
  }

  public GgufWriter string(String key, String value) {
    return value(key, GgufValueType.STRING, bytes -> bytes.string(value));
  }

  public GgufWriter strings(String key, List<String> elements) {
    return array(
        key, GgufValueType.STRING, elements.size(), bytes -> elements.forEach(bytes::string));
  }

  public GgufWriter i32s(String key, int... elements) {
    return array(
        key,
        GgufValueType.INT32,
        elements.length,
        bytes -> {
          for (int element : elements) {
            bytes.u32(element);
          }
        });
  }

  public GgufWriter u8s(String key, byte... elements) {
    return array(key, GgufValueType.UINT8, elements.length, bytes -> bytes.raw(elements));
  }

  public GgufWriter f32s(String key, float... elements) {
    return array(
        key,
        GgufValueType.FLOAT32,
        elements.length,
        bytes -> {
          for (float element : elements) {
            bytes.f32(element);
          }
        });
  }

  /** An F32 tensor; {@code shape[0]} is the contiguous dimension. */
  public GgufWriter tensor(String name, float[] data, long... shape) {
    LittleEndianBytes bytes = new LittleEndianBytes();
    for (float number : data) {
      bytes.f32(number);
    }
    return tensor(name, GgmlType.F32, bytes.toByteArray(), shape);
  }

  /** A tensor of any type, quantised from numbers; {@code shape[0]} is the contiguous dimension. */
  public GgufWriter tensor(String name, GgmlType type, float[] weights, long... shape) {
    return tensor(name, type, Quantiser.quantise(type, weights), shape);
  }

  /** A tensor from its bytes as they stand in the file. */
  public GgufWriter tensor(String name, GgmlType type, byte[] data, long... shape) {
    int id = 0;
    while (GgmlType.ofId(id).orElse(null) != type) {
      id++;
    }
    return tensor(name, id, data, shape);
  }

  GgufWriter tensor(String name, int type, byte[] data, long... shape) {
    tensors.put(name, new Tensor(type, shape.clone(), data.clone()));
    return this;
  }

  /** A value with any type id and any bytes after it. */
  GgufWriter value(String key, int type, Consumer<LittleEndianBytes> content) {
    LittleEndianBytes bytes = new LittleEndianBytes().u32(type);
    content.accept(bytes);
    values.put(key, bytes);
    return this;
  }

  GgufWriter value(String key, GgufValueType type, Consumer<LittleEndianBytes> content) {
    return value(key, type.id(), content);
  }

  private GgufWriter array(
      String key, GgufValueType type, int count, Consumer<LittleEndianBytes> elements) {
    return value(
        key, GgufValueType.ARRAY, bytes -> elements.accept(bytes.u32(type.id()).u64(count)));
  }

  /** Leaves a key out again. */
  public GgufWriter without(String key) {
    values.remove(key);
    return this;
  }

  public byte[] toByteArray() {
    LittleEndianBytes out = new LittleEndianBytes();
    out.u32(0x46554747).u32(version).u64(tensors.size()).u64(values.size());
    values.forEach((key, value) -> out.string(key).raw(value.toByteArray()));
    LittleEndianBytes data = new LittleEndianBytes();
    tensors.forEach(
        (name, tensor) -> {
          out.string(name).u32(tensor.shape.length);
          for (long length : tensor.shape) {
            out.u64(length);
          }
          out.u32(tensor.type).u64(data.alignTo(alignment).size());
          data.raw(tensor.data);
        });
    return out.alignTo(alignment).raw(data.toByteArray()).toByteArray();
  }

  public Path write(Path file) {
    try {
      return Files.write(file, toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
