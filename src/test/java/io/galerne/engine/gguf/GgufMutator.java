package io.galerne.engine.gguf;

import io.galerne.engine.gguf.GgufLayout.Field;
import io.galerne.engine.gguf.GgufLayout.Item;
import io.galerne.engine.gguf.GgufLayout.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages honest files in ways that a seed determines: some keep the file's structure and lie in
 * one field, some tear the structure.
 */
public final class GgufMutator {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    16,
    31,
    33,
    63,
    65,
    127,
    255,
    256,
    1000,
    65_535,
    1 << 20,
    (1 << 24) + 1,
    Integer.MAX_VALUE - 8,
    Integer.MAX_VALUE,
    1L << 31,
    0xffff_ffffL,
    1L << 32,
    (1L << 32) + 1,
    1L << 40,
    1L << 60,
    1L << 61,
    1L << 62,
    (1L << 62) + 32,
    Long.MAX_VALUE - 31,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -32,
    Float.floatToRawIntBits(Float.NaN),
    Float.floatToRawIntBits(Float.NEGATIVE_INFINITY),
    Float.floatToRawIntBits(-0f),
    1 /* the least float */,
    Float.floatToRawIntBits(3e38f)
  };

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "llama",
          "mamba",
          "gpt2",
          "llama-bpe",
          "default",
          "a",
          "\0",
          "<0x-1>",
          "<0x41>",
          "x".repeat(300),
          "y".repeat(5000),
          "{{",
          "{% for i in range(1000000000) %}{% endfor %}",
          "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
          "{{ " + "(".repeat(200) + " }}",
          "{{ messages[0].content * 100000000 }}");

  private final List<byte[]> corpus;
  private final Random random;

  /** Everything that this makes follows from the seed. */
  public GgufMutator(List<byte[]> corpus, long seed) {
    this.corpus = corpus;
    this.random = new Random(seed * 0x9e3779b97f4a7c15L);
  }

  /** A damaged copy of a file of the corpus. */
  public byte[] next() {
    byte[] file = corpus.get(random.nextInt(corpus.size())).clone();
    for (int count = 1 + random.nextInt(3) / 2; count > 0; count--) {
      file = random.nextInt(4) == 0 ? tear(file) : lie(file);
    }
    return file;
  }

  /** Changes one field of a file that can still be walked. */
  private byte[] lie(byte[] file) {
    GgufLayout layout;
    try {
      layout = new GgufLayout(file);
    } catch (RuntimeException _) {
      // An earlier damage: the layout is for honest files.
      return tear(file);
    }
    if (layout.keyValues.isEmpty() || layout.tensors.isEmpty()) {
      return tear(file);
    }
    return switch (random.nextInt(8)) {
      case 0 -> overwrite(file, layout, Kind.COUNT);
      case 1 -> overwrite(file, layout, Kind.TYPE);
      case 2, 3 -> overwrite(file, layout, Kind.SCALAR);
      case 4 -> overwrite(file, layout, random.nextBoolean() ? Kind.DIMENSION : Kind.OFFSET);
      case 5 -> replaceText(file, layout);
      case 6 -> changeItems(file, layout, 16, layout.keyValues);
      default -> changeItems(file, layout, 8, layout.tensors);
    };
  }

  private byte[] overwrite(byte[] file, GgufLayout layout, Kind kind) {
    Field field = pick(layout.fields.stream().filter(each -> each.kind() == kind).toList());
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    if (random.nextInt(4) == 0) {
      number =
          field.length() == 8 ? longs(file).getLong(field.offset()) + number : random.nextInt(40);
    }
    for (int i = 0; i < field.length(); i++) {
      file[field.offset() + i] = (byte) (number >> (8 * i));
    }
    return file;
  }

  private byte[] replaceText(byte[] file, GgufLayout layout) {
    Field field = pick(layout.fields.stream().filter(each -> each.kind() == Kind.TEXT).toList());
    byte[] text = pick(TEXTS).getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header =
        join(
            Arrays.copyOf(file, field.offset() - 8),
            length.putLong(text.length).array(),
            text,
            Arrays.copyOfRange(file, field.offset() + field.length(), layout.headerEnd));
    return withData(header, file, layout);
  }

  /** Drops, doubles or moves a key or a tensor, with a count that is right again. */
  private byte[] changeItems(byte[] file, GgufLayout layout, int counter, List<Item> items) {
    Item item = pick(items);
    Item other = pick(items);
    byte[] copy = Arrays.copyOfRange(file, item.start(), item.end());
    boolean drops = random.nextBoolean();
    boolean doubles = random.nextBoolean();
    long count = longs(file).getLong(counter) + (drops ? -1 : 0) + (doubles ? 1 : 0);
    longs(file).putLong(counter, count);
    int place = other.start();
    byte[] before = Arrays.copyOf(file, place);
    byte[] after = Arrays.copyOfRange(file, place, layout.headerEnd);
    if (drops && item.start() < place) {
      before = join(Arrays.copyOf(file, item.start()), Arrays.copyOfRange(file, item.end(), place));
    } else if (drops) {
      after =
          join(
              Arrays.copyOfRange(file, place, item.start()),
              Arrays.copyOfRange(file, item.end(), layout.headerEnd));
    }
    byte[] header = doubles ? join(before, copy, after) : join(before, after);
    return withData(header, file, layout);
  }

  private byte[] withData(byte[] header, byte[] file, GgufLayout layout) {
    int data = Math.min(file.length, GgufLayout.align(layout.headerEnd));
    byte[] padded = Arrays.copyOf(header, GgufLayout.align(header.length));
    return join(padded, Arrays.copyOfRange(file, data, file.length));
  }

  /** Damages bytes without regard for what they are. */
  private byte[] tear(byte[] file) {
    if (file.length == 0) {
      return file;
    }
    int near = random.nextInt(1 + random.nextInt(file.length));
    int length = Math.min(1 + random.nextInt(64), file.length - near);
    return switch (random.nextInt(6)) {
      case 0, 1 -> {
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
          file[random.nextInt(1 + near)] ^= (byte) (1 << random.nextInt(8));
        }
        yield file;
      }
      case 2 -> Arrays.copyOf(file, near);
      case 3 ->
          join(Arrays.copyOf(file, near), Arrays.copyOfRange(file, near + length, file.length));
      case 4 -> splice(file, near, length);
      default -> {
        Arrays.fill(file, near, near + length, (byte) (random.nextInt(3) - 1));
        yield file;
      }
    };
  }

  /** Puts a piece of another file in place of what was there, or before it. */
  private byte[] splice(byte[] file, int place, int replaced) {
    byte[] other = pick(corpus);
    int start = random.nextInt(other.length);
    byte[] piece =
        Arrays.copyOfRange(other, start, Math.min(start + random.nextInt(512), other.length));
    int resume = place + (random.nextBoolean() ? replaced : 0);
    return join(Arrays.copyOf(file, place), piece, Arrays.copyOfRange(file, resume, file.length));
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static ByteBuffer longs(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
