package io.galerne.engine.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the fields of an honest file lie, so that a mutation can hit each of them. Walks on its
 * own: a mistake in the reader must not hide here.
 */
final class GgufLayout {
  static final int ALIGNMENT = 32;

  /** What a field is for. */
  enum Kind {
    COUNT,
    TYPE,
    SCALAR,
    TEXT,
    DIMENSION,
    OFFSET
  }

  /** A field and its bytes; a text comes right after the eight bytes of its length. */
  record Field(Kind kind, String name, int offset, int length) {}

  /** A whole key with its value, or a whole tensor info. */
  record Item(int start, int end) {}

  private final ByteBuffer bytes;
  final List<Field> fields = new ArrayList<>();
  final List<Item> keyValues = new ArrayList<>();
  final List<Item> tensors = new ArrayList<>();
  final int headerEnd;

  GgufLayout(byte[] file) {
    this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    field(Kind.TYPE, "header.magic", 4);
    field(Kind.TYPE, "header.version", 4);
    long tensorCount = count("header.n_tensors");
    long keyCount = count("header.n_kv");
    for (int i = 0; i < keyCount; i++) {
      int start = bytes.position();
      String key = text("kv[" + i + "]");
      value(key, type(key + " type"));
      keyValues.add(new Item(start, bytes.position()));
    }
    for (int i = 0; i < tensorCount; i++) {
      int start = bytes.position();
      tensor("tensor " + text("tensor[" + i + "]"));
      tensors.add(new Item(start, bytes.position()));
    }
    this.headerEnd = bytes.position();
  }

  /** Where each field begins and the header ends: the interesting places to cut a file. */
  List<Integer> boundaries() {
    List<Integer> places = new ArrayList<>(fields.stream().map(Field::offset).toList());
    places.add(headerEnd);
    return places;
  }

  static int align(int position) {
    return Math.ceilDiv(position, ALIGNMENT) * ALIGNMENT;
  }

  private void tensor(String name) {
    int dimensions = type(name + ".n_dims");
    for (int i = 0; i < dimensions; i++) {
      field(Kind.DIMENSION, name + ".shape[" + i + "]", 8);
    }
    type(name + ".type");
    field(Kind.OFFSET, name + ".offset", 8);
  }

  private void value(String key, int type) {
    switch (type) {
      case 0, 1, 7 -> field(Kind.SCALAR, key, 1);
      case 2, 3 -> field(Kind.SCALAR, key, 2);
      case 4, 5, 6 -> field(Kind.SCALAR, key, 4);
      case 10, 11, 12 -> field(Kind.SCALAR, key, 8);
      case 8 -> text(key);
      case 9 -> {
        int elementType = type(key + " element type");
        long count = count(key + " length");
        for (int i = 0; i < count; i++) {
          value(key + "[" + i + "]", elementType);
        }
      }
      default -> throw new IllegalArgumentException(key + " is of type " + type);
    }
  }

  private int type(String name) {
    return bytes.getInt(field(Kind.TYPE, name, 4));
  }

  private long count(String name) {
    return bytes.getLong(field(Kind.COUNT, name, 8));
  }

  private String text(String name) {
    int length = (int) count(name + " length");
    int offset = field(Kind.TEXT, name, length);
    byte[] text = new byte[length];
    bytes.get(offset, text);
    return new String(text, java.nio.charset.StandardCharsets.UTF_8);
  }

  private int field(Kind kind, String name, int length) {
    int offset = bytes.position();
    bytes.position(offset + length);
    fields.add(new Field(kind, name, offset, length));
    return offset;
  }
}
