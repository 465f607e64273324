package io.galerne.serving;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Requests for embeddings in the form in which they are recorded. */
public final class EmbeddingBits {
  private EmbeddingBits() {}

  /** A vector's numbers as the bits of IEEE 754's binary32, in hexadecimal. */
  public static String hex(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
    for (float number : vector) {
      bytes.putFloat(number);
    }
    return HexFormat.of().formatHex(bytes.array());
  }

  /** How many tokens each text has, as a JSON array. */
  static String lengths(List<int[]> texts) {
    return texts.stream()
        .map(text -> String.valueOf(text.length))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /**
   * The texts of a record, each as its tokens.
   *
   * @param lengths what {@link #lengths} made
   */
  public static List<int[]> texts(String lengths, List<Integer> tokens) {
    List<int[]> texts = new ArrayList<>();
    int from = 0;
    for (String length : lengths.substring(1, lengths.length() - 1).split(",", -1)) {
      int to = from + Integer.parseInt(length);
      texts.add(tokens.subList(from, to).stream().mapToInt(Integer::intValue).toArray());
      from = to;
    }
    return texts;
  }
}
