package io.galerne.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of a chain. Its hash is SHA-256 over the hash before it and the row: each field as its
 * name and text with their lengths in front, so that no two rows have the same bytes.
 *
 * @param content field names to texts, in the order of the names
 * @param hash in lower-case hexadecimal
 */
@JsonPropertyOrder({"seq", "content", "hash"})
record ChainLink(
    @JsonProperty("seq") long seq,
    @JsonProperty("content") SortedMap<String, String> content,
    @JsonProperty("hash") String hash) {
  /** What the first row follows. */
  static final String START = hex(sha256("galerne-audit-start".getBytes(StandardCharsets.UTF_8)));

  private static final int HASH_BYTES = 32;
  private static final byte[] FORM = "galerne-audit-1".getBytes(StandardCharsets.UTF_8);

  /** The row with the hash that it must have after the given one. */
  static ChainLink after(
      String previous, UUID tenantId, Trail trail, long seq, SortedMap<String, String> content) {
    return new ChainLink(seq, content, hash(previous, tenantId, trail, seq, content));
  }

  boolean follows(String previous, UUID tenantId, Trail trail) {
    return hash.equals(hash(previous, tenantId, trail, seq, content));
  }

  private static String hash(
      String previous, UUID tenantId, Trail trail, long seq, SortedMap<String, String> content) {
    byte[] last = HexFormat.of().parseHex(previous);
    if (last.length != HASH_BYTES) {
      return "after what is no hash";
    }
    Hashed hashed = Hashed.of(tenantId, trail, content);
    MessageDigest digest = digest();
    digest.update(hashed.beforePrevious());
    digest.update(last);
    digest.update(hashed.beforeNumber());
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seq).array());
    digest.update(hashed.fields());
    return hex(digest.digest());
  }

  /**
   * What is hashed of a row, but for the hash before it and its number, which belong in between:
   * whoever knows only these can make the hash.
   */
  record Hashed(byte[] beforePrevious, byte[] beforeNumber, byte[] fields) {
    static Hashed of(UUID tenantId, Trail trail, SortedMap<String, String> content) {
      ByteArrayOutputStream start = new ByteArrayOutputStream();
      add(start, FORM);
      start.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(HASH_BYTES).array());
      ByteArrayOutputStream middle = new ByteArrayOutputStream();
      add(middle, tenantId.toString().getBytes(StandardCharsets.UTF_8));
      add(middle, trail.name().getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream end = new ByteArrayOutputStream();
      for (Map.Entry<String, String> field : content.entrySet()) {
        add(end, field.getKey().getBytes(StandardCharsets.UTF_8));
        add(end, field.getValue().getBytes(StandardCharsets.UTF_8));
      }
      return new Hashed(start.toByteArray(), middle.toByteArray(), end.toByteArray());
    }

    private static void add(ByteArrayOutputStream out, byte[] bytes) {
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      out.writeBytes(bytes);
    }
  }

  static void put(Map<String, String> content, String name, @Nullable Object value) {
    if (value != null) {
      content.put(name, value.toString());
    }
  }

  static byte[] sha256(byte[] bytes) {
    return digest().digest(bytes);
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
