package io.galerne.engine.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the tensor infos and holds each tensor's place against the file's length and the others.
 */
final class GgufTensorReader {
  private static final int LONGEST_NAME = 64;
  private static final int MOST_DIMENSIONS = 4;

  /** Leaves room to count rows in an int when they are padded to whole groups. */
  private static final int ROWS_MAX = 1 << 30;

  /** Names of further types in ggml.h, for the message only; the index is the id in the file. */
  private static final List<String> TYPE_NAMES =
      List.of(
          "F32",
          "F16",
          "Q4_0",
          "Q4_1",
          "Q4_2",
          "Q4_3",
          "Q5_0",
          "Q5_1",
          "Q8_0",
          "Q8_1",
          "Q2_K",
          "Q3_K",
          "Q4_K",
          "Q5_K",
          "Q6_K",
          "Q8_K",
          "IQ2_XXS",
          "IQ2_XS",
          "IQ3_XXS",
          "IQ1_S",
          "IQ4_NL",
          "IQ3_S",
          "IQ2_S",
          "IQ4_XS",
          "I8",
          "I16",
          "I32",
          "I64",
          "F64",
          "IQ1_M",
          "BF16",
          "Q4_0_4_4",
          "Q4_0_4_8",
          "Q4_0_8_8",
          "TQ1_0",
          "TQ2_0",
          "IQ4_NL_4_4",
          "IQ4_NL_4_8",
          "IQ4_NL_8_8",
          "MXFP4",
          "NVFP4",
          "Q1_0");

  private final GgufSource file;
  private final GgufCursor cursor;
  private final int alignment;

  GgufTensorReader(GgufSource file, GgufCursor cursor, int alignment) {
    this.file = file;
    this.cursor = cursor;
    this.alignment = alignment;
  }

  private record Place(String owner, GgmlType type, List<Long> shape, long offset, long bytes) {}

  /** Reads so many infos from where the cursor is; what follows them, aligned, is tensor data. */
  Map<String, GgufTensor> read(int count) {
    Map<String, Place> infos = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      readInfo(i, infos);
    }
    long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
    checkPlaces(infos, dataStart);
    Map<String, GgufTensor> tensors = LinkedHashMap.newLinkedHashMap(count);
    infos.forEach(
        (name, place) -> {
          TensorBytes data = file.asSlice(dataStart + place.offset, place.bytes);
          tensors.put(name, new GgufTensor(name, place.type, place.shape, data));
        });
    return tensors;
  }

  private void readInfo(int index, Map<String, Place> infos) {
    String name = cursor.at("tensor", "").element(index).string(LONGEST_NAME);
    if (name.isBlank()) {
      throw cursor.failure("the name is empty");
    }
    String owner = "tensor " + name;
    if (infos.containsKey(name)) {
      throw cursor.at(owner, "").failure("the name appears twice");
    }
    List<Long> shape = readShape(owner);
    GgmlType type = readType(owner);
    long bytes = sizeBytes(owner, type, shape);
    long offset = cursor.at(owner, ".offset").i64();
    if (offset < 0 || offset % alignment != 0) {
      throw cursor.failure(
          Long.toUnsignedString(offset) + " is not a multiple of the alignment " + alignment);
    }
    infos.put(name, new Place(owner, type, shape, offset, bytes));
  }

  private List<Long> readShape(String owner) {
    int dimensions = cursor.at(owner, ".n_dims").i32();
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw cursor.failure(
          Integer.toUnsignedString(dimensions) + " is not from 1 to " + MOST_DIMENSIONS);
    }
    Long[] shape = new Long[dimensions];
    long rows = 1;
    for (int i = 0; i < dimensions; i++) {
      long length = cursor.at(owner, ".shape").element(i).i64();
      if (length < 1 || length > Integer.MAX_VALUE) {
        throw cursor.failure(
            Long.toUnsignedString(length) + " is not from 1 to " + Integer.MAX_VALUE);
      }
      rows = i == 0 ? 1 : rows * length;
      if (rows > ROWS_MAX) {
        throw cursor.failure("the tensor has more than " + ROWS_MAX + " rows");
      }
      shape[i] = length;
    }
    return Arrays.asList(shape);
  }

  private GgmlType readType(String owner) {
    int id = cursor.at(owner, ".type").i32();
    return GgmlType.ofId(id).orElseThrow(() -> unsupported(id));
  }

  private GgufException unsupported(int id) {
    String name = id >= 0 && id < TYPE_NAMES.size() ? TYPE_NAMES.get(id) : "unknown";
    return cursor.failure(
        "type %s (id %s) is not supported, only %s are"
            .formatted(name, Integer.toUnsignedString(id), Arrays.toString(GgmlType.values())));
  }

  /** Columns and rows are both below 2^31, so the number of blocks is below 2^62. */
  private long sizeBytes(String owner, GgmlType type, List<Long> shape) {
    long columns = shape.getFirst();
    if (columns % type.blockSize() != 0) {
      throw cursor
          .at(owner, ".shape")
          .element(0)
          .failure(
              "%d is not a multiple of %d, the block size of %s"
                  .formatted(columns, type.blockSize(), type));
    }
    long blocks = columns / type.blockSize();
    for (int i = 1; i < shape.size(); i++) {
      blocks *= shape.get(i);
    }
    if (blocks > file.byteSize() / type.blockBytes()) {
      throw cursor.at(owner, ".shape").failure(shape + " is larger than the file");
    }
    return blocks * type.blockBytes();
  }

  private void checkPlaces(Map<String, Place> infos, long dataStart) {
    List<Place> byOffset = new ArrayList<>(infos.values());
    byOffset.sort(Comparator.comparingLong(Place::offset));
    long end = 0;
    for (Place place : byOffset) {
      if (place.offset > file.byteSize() - dataStart - place.bytes) {
        throw cursor
            .at(place.owner, ".offset")
            .failure(
                "%d bytes from %d on reach past the end of the file"
                    .formatted(place.bytes, place.offset));
      }
      if (place.offset < end) {
        throw cursor
            .at(place.owner, ".offset")
            .failure(place.offset + " lies within the data of another tensor");
      }
      end = place.offset + place.bytes;
    }
  }
}
