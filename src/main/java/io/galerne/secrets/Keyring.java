package io.galerne.secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The key-encryption keys by their names; a key's name is the beginning of its digest. */
final class Keyring {
  static final int ID_BYTES = 8;

  private final Map<String, byte[]> keys = new LinkedHashMap<>();
  private final String current;

  /**
   * @param hexKeys 64 hexadecimal digits each; the last one seals
   */
  Keyring(List<String> hexKeys) {
    String last = null;
    for (String hex : hexKeys) {
      byte[] key = parse(hex);
      last = HexFormat.of().formatHex(id(key));
      keys.put(last, key);
    }
    if (last == null) {
      throw new IllegalArgumentException("no key to seal with");
    }
    this.current = last;
  }

  private static byte[] parse(String hex) {
    if (!hex.strip().matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException("galerne.secrets.keys: a key has 64 hexadecimal digits");
    }
    return HexFormat.of().parseHex(hex.strip());
  }

  private static byte[] id(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("galerne-key-id".getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest.digest(key), ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  byte[] currentId() {
    return HexFormat.of().parseHex(current);
  }

  byte[] currentKey() {
    return key(currentId());
  }

  byte[] key(byte[] id) {
    byte[] key = keys.get(HexFormat.of().formatHex(id));
    if (key == null) {
      throw new SealBrokenException("its key " + HexFormat.of().formatHex(id) + " is not here");
    }
    return key;
  }
}
