package io.galerne.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that have brought down other loaders, and random damage. */
class HostileGgufFileTests {
  private static final long MAGIC = 0x46554747;
  private static final long ALLOCATION_BOUND = 16 << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  static Stream<Arguments> hostileFields() {
    return Stream.concat(hostileHeaderAndMetadata(), hostileTensors());
  }

  private static Stream<Arguments> hostileHeaderAndMetadata() {
    return Stream.of(
        hostile("empty file", "header.magic", new LittleEndianBytes()),
        hostile("bad magic", "header.magic", header(0x12345678, 3, 0, 0)),
        hostile("reversed magic", "header.magic", header(0x47475546, 3, 0, 0)),
        hostile("big-endian version", "header.version", header(MAGIC, 3 << 24, 0, 0)),
        hostile("version 0", "header.version", header(MAGIC, 0, 0, 0)),
        hostile("version 1", "header.version", header(MAGIC, 1, 0, 0)),
        hostile("version 4", "header.version", header(MAGIC, 4, 0, 0)),
        hostile("n_tensors -1", "header.n_tensors", header(MAGIC, 3, -1, 0)),
        hostile("n_tensors 2^60", "header.n_tensors", header(MAGIC, 3, 1L << 60, 0)),
        hostile("n_tensors beyond end", "header.n_tensors", header(MAGIC, 3, 1, 0)),
        hostile("n_kv -1", "header.n_kv", header(MAGIC, 3, 0, -1)),
        hostile("n_kv wraps", "header.n_kv", header(MAGIC, 3, 0, Long.MAX_VALUE / 24)),
        hostile(
            "n_kv above the bound",
            "header.n_kv",
            header(MAGIC, 3, 0, 100_000).raw(new byte[2_000_000])),
        hostile(
            "n_tensors above the bound",
            "header.n_tensors",
            header(MAGIC, 3, 100_000, 0).raw(new byte[4_000_000])),
        hostile("key length 2^64-1", "kv[0]", header(MAGIC, 3, 0, 1).u64(-1).raw(new byte[64])),
        hostile("key length 2^31", "kv[0]", header(MAGIC, 3, 0, 1).u64(1L << 31).u64(0)),
        hostile("empty key", "kv[0]", header(MAGIC, 3, 0, 1).string("").u32(4).u64(0)),
        hostile(
            "key too long", "kv[0]", header(MAGIC, 3, 0, 1).string("k".repeat(300)).u32(4).u32(0)),
        hostile(
            "key not UTF-8",
            "kv[0]",
            header(MAGIC, 3, 0, 1).u64(2).u8(0xff).u8(0xfe).u32(4).u64(0)),
        hostile(
            "duplicate key",
            "a.b",
            header(MAGIC, 3, 0, 2).string("a.b").u32(4).u32(0).string("a.b").u32(4).u32(0)),
        hostile("unknown value type", "a.b", metadata("a.b", 13).u64(0)),
        hostile("negative value type", "a.b", metadata("a.b", -1).u64(0)),
        hostile("string length 2^64-1", "a.b", metadata("a.b", 8).u64(-1).u64(0)),
        hostile("string beyond end", "a.b", metadata("a.b", 8).u64(100).u64(0)),
        hostile("bool of 2", "a.b", metadata("a.b", 7).u8(2).u64(0)),
        hostile("array count -1", "a.b", metadata("a.b", 9).u32(4).u64(-1)),
        hostile("array count wraps", "a.b", metadata("a.b", 9).u32(4).u64(1L << 62)),
        hostile(
            "array element wider than declared length allows",
            "a.b",
            metadata("a.b", 9).u32(10).u64(2).u64(0)),
        hostile("array of unknown type", "a.b", metadata("a.b", 9).u32(99).u64(0)),
        hostile("nested array", "a.b", metadata("a.b", 9).u32(9).u64(1).u32(4).u64(0)),
        hostile("array of strings, one too long", "a.b[1]", strings().string("x").u64(1L << 40)),
        hostile("array of strings, one negative", "a.b[0]", strings().u64(-1).u64(0)),
        hostile(
            "array of bools, one 7", "a.b[2]", metadata("a.b", 9).u32(7).u64(3).u8(0).u8(1).u8(7)),
        alignment("alignment 0", 0),
        alignment("alignment 4", 4),
        alignment("alignment 48", 48),
        alignment("alignment 2^17", 1 << 17),
        alignment("alignment 2^31", 1L << 31),
        hostile(
            "alignment of another type",
            "general.alignment",
            metadata("general.alignment", 8).string("32")));
  }

  private static Stream<Arguments> hostileTensors() {
    return Stream.of(
        hostile("tensor name 2^63", "tensor[0]", tensors(1).u64(1L << 63).raw(new byte[64])),
        hostile("empty tensor name", "tensor[0]", tensors(1).string("").raw(new byte[64])),
        hostile(
            "tensor name too long", "tensor[0]", tensors(1).string("t".repeat(65)).u64(0).u64(0)),
        hostile("duplicate tensor", "tensor t", twoTensors("t", 64)),
        hostile("overlapping tensors", "tensor u.offset", twoTensors("u", 32)),
        hostile("0 dimensions", "tensor t.n_dims", tensor(0, 0)),
        hostile("5 dimensions", "tensor t.n_dims", tensor(0, 0, 1, 1, 1, 1, 1)),
        hostile(
            "2^32-1 dimensions", "tensor t.n_dims", tensors(1).string("t").u32(-1).u64(0).u64(0)),
        hostile("dimension of 0", "tensor t.shape[1]", tensor(0, 0, 8, 0)),
        hostile("first dimension of 0", "tensor t.shape[0]", tensor(0, 0, 0)),
        hostile("dimension of -1", "tensor t.shape[0]", tensor(0, 0, -1)),
        hostile("dimension of 2^31", "tensor t.shape[0]", tensor(0, 0, 1L << 31)),
        hostile("rows wrap", "tensor t.shape[3]", tensor(0, 0, 1, 1 << 20, 1 << 10, 1 << 30)),
        hostile(
            "elements wrap to a small size",
            "tensor t.shape",
            tensor(0, 0, (1 << 30), (1 << 30), 1)),
        hostile("exabytes of a block type", "tensor t.shape", tensor(3, 0, 1 << 30, 1 << 30)),
        hostile("half a block", "tensor t.shape[0]", tensor(3, 0, 48, 2)),
        hostile("unknown tensor type", "tensor t.type", tensor(77, 0, 8)),
        hostile("negative tensor type", "tensor t.type", tensor(-1, 0, 8)),
        hostile("unsupported tensor type", "tensor t.type", tensor(16, 0, 256)),
        hostile("offset off the alignment", "tensor t.offset", tensor(0, 8, 8)),
        hostile("offset of 2^63", "tensor t.offset", tensor(0, 1L << 63, 8)),
        hostile("offset near 2^63", "tensor t.offset", tensor(0, Long.MAX_VALUE - 31, 8)),
        hostile("offset past the end", "tensor t.offset", tensor(0, 1 << 20, 8)),
        hostile("last byte past the end", "tensor t.offset", tensor(0, 64, 17)));
  }

  @ParameterizedTest
  @MethodSource("hostileFields")
  void refusesAndNamesTheField(String field, byte[] file) throws IOException {
    Path path = Files.write(folder.resolve("hostile.gguf"), file);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThatExceptionOfType(GgufException.class)
        .isThrownBy(() -> GgufFile.open(path))
        .extracting(GgufException::field)
        .isEqualTo(field);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATION_BOUND);
  }

  @Test
  void namesTensorAndTypeThatIsNotSupported() throws IOException {
    Path path = Files.write(folder.resolve("type.gguf"), tensor(16, 0, 256).toByteArray());
    assertThatThrownBy(() -> GgufFile.open(path))
        .hasMessageContaining("tensor t.type: type IQ2_XXS (id 16) is not supported");
  }

  /** The same builders make files that open, so the tests above fail for the field they name. */
  @Test
  void acceptsTheSameFilesWithHonestFields() throws IOException {
    for (LittleEndianBytes file :
        List.of(
            header(MAGIC, 3, 0, 0),
            metadata("a.b", 9).u32(4).u64(2).u32(1).u32(2),
            strings().string("x").string("y"),
            metadata("general.alignment", 4).u32(64),
            tensor(0, 0, 16),
            tensor(0, 32, 8, 2),
            twoTensorsHonest())) {
      Path path = Files.write(folder.resolve("honest.gguf"), file.toByteArray());
      try (GgufFile opened = GgufFile.open(path)) {
        assertThat(opened.sizeBytes()).isEqualTo(file.size());
      }
    }
  }

  /** The largest counts that are let through, with the file failing at its very end. */
  @Test
  void staysWithinTheAllocationBoundForTheLargestCounts() throws IOException {
    LittleEndianBytes file = header(MAGIC, 3, 8192, 4096);
    for (int i = 0; i < 4096; i++) {
      file.string("k".repeat(240) + i).u32(4).u32(0);
    }
    for (int i = 0; i < 8192; i++) {
      file.string("t".repeat(56) + i).u32(4).u64(1).u64(1).u64(1).u64(1);
      file.u32(i == 8191 ? 99 : 0).u64(32L * i);
    }
    Path path = Files.write(folder.resolve("large.gguf"), file.toByteArray());
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> GgufFile.open(path)).hasMessageContaining("8191.type");
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATION_BOUND);
  }

  @Test
  void refusesTruncationAtEveryByte() throws IOException {
    byte[] whole = tinyFile();
    for (int length = 0; length < whole.length; length++) {
      Path path = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length));
      assertThatExceptionOfType(GgufException.class)
          .as("cut to %d of %d bytes", length, whole.length)
          .isThrownBy(() -> GgufFile.open(path).close());
    }
  }

  @Test
  void survivesTwoThousandDamagedFiles() throws IOException {
    byte[] whole = tinyFile();
    int refused = 0;
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      byte[] damaged = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      refused += readEverything(damaged, seed) ? 0 : 1;
    }
    assertThat(refused).isBetween(500, 1999);
  }

  private boolean readEverything(byte[] content, int seed) throws IOException {
    Path path = Files.write(folder.resolve("damaged.gguf"), content);
    long start = System.nanoTime();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try (GgufFile file = GgufFile.open(path)) {
      for (String key : file.metadata().keys()) {
        readValue(file.metadata(), key);
      }
      for (GgufTensor tensor : file.tensors()) {
        long cells = (long) tensor.columns() * tensor.rows();
        assertThat(tensor.data().byteSize())
            .isEqualTo(cells / tensor.type().blockSize() * tensor.type().blockBytes());
      }
      return true;
    } catch (GgufException e) {
      assertThat(e).as("seed %d", seed).hasMessageStartingWith(e.field() + ": ");
      return false;
    } finally {
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATION_BOUND);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  /** Asks for the value in every way; a wrong type may only show as the one exception. */
  private static void readValue(GgufMetadata metadata, String key) {
    List<Runnable> ways =
        List.of(
            () -> metadata.string(key),
            () -> metadata.integer(key),
            () -> metadata.number(key),
            () -> metadata.bool(key, false),
            () -> metadata.strings(key),
            () -> metadata.integers(key),
            () -> metadata.floats(key));
    for (Runnable way : ways) {
      try {
        way.run();
      } catch (GgufException e) {
        assertThat(e.field()).startsWith(key);
      }
    }
  }

  private static byte[] tinyFile() {
    return new GgufWriter()
        .string("general.architecture", "llama")
        .u32("general.alignment", 32)
        .strings("tokenizer.ggml.tokens", List.of("a", "b", "ab"))
        .i32s("tokenizer.ggml.token_type", 1, 1, 3)
        .f32("llama.rope.freq_base", 10_000)
        .bool("tokenizer.ggml.add_bos_token", true)
        .tensor("token_embd.weight", new float[16], 4, 4)
        .tensor("output.weight", GgmlType.Q8_0, new byte[68], 32, 2)
        .toByteArray();
  }

  private static LittleEndianBytes header(long magic, int version, long tensors, long values) {
    return new LittleEndianBytes().u32(magic).u32(version).u64(tensors).u64(values);
  }

  private static LittleEndianBytes metadata(String key, int type) {
    return header(MAGIC, 3, 0, 1).string(key).u32(type);
  }

  private static LittleEndianBytes strings() {
    return metadata("a.b", 9).u32(8).u64(2);
  }

  private static LittleEndianBytes tensors(int count) {
    return header(MAGIC, 3, count, 0);
  }

  /** One tensor named t over a data section of 128 bytes. */
  private static LittleEndianBytes tensor(int type, long offset, long... shape) {
    LittleEndianBytes file = tensors(1);
    info(file, "t", type, offset, shape);
    return file.alignTo(32).raw(new byte[128]);
  }

  /** The tensor t of 64 bytes, then another. */
  private static LittleEndianBytes twoTensors(String second, long offset) {
    LittleEndianBytes file = tensors(2);
    info(file, "t", 0, 0, 16);
    info(file, second, 0, offset, 16);
    return file.alignTo(32).raw(new byte[256]);
  }

  private static LittleEndianBytes twoTensorsHonest() {
    return twoTensors("u", 64);
  }

  private static void info(
      LittleEndianBytes file, String name, int type, long offset, long... shape) {
    file.string(name).u32(shape.length);
    for (long length : shape) {
      file.u64(length);
    }
    file.u32(type).u64(offset);
  }

  private static Arguments alignment(String name, long value) {
    return hostile(name, "general.alignment", metadata("general.alignment", 4).u32(value));
  }

  private static Arguments hostile(String name, String field, LittleEndianBytes file) {
    return argumentSet(name, field, file.toByteArray());
  }
}
