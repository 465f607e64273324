package io.galerne.engine.scheduler;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * {@code HMAC-SHA-256(namespace secret, parent key || tokens)} (FIPS 198-1). Unlike the plain
 * hashes of other engines, a key can't be computed without the namespace's secret, and two contents
 * with one key, by which a block of somebody else's text would be read, can't be sought. A block
 * costs some three compressions of SHA-256, once for each 16 tokens.
 *
 * <p>Belongs to the engine's thread.
 */
final class HmacBlockHasher implements BlockHasher {
  static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private final ByteBuffer input;
  private @Nullable CacheNamespace keyed;

  HmacBlockHasher(int blockTokens) {
    try {
      this.mac = Mac.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
    this.input = ByteBuffer.allocate(BlockKey.BYTES + blockTokens * Integer.BYTES);
  }

  @Override
  public BlockKey hash(
      CacheNamespace namespace, @Nullable BlockKey parent, Sequence sequence, int from, int count) {
    useKey(namespace);
    input.clear();
    if (parent != null) {
      parent.putTo(input);
    }
    for (int position = from; position < from + count; position++) {
      input.putInt(sequence.token(position));
    }
    mac.update(input.flip());
    return BlockKey.from(mac.doFinal());
  }

  private void useKey(CacheNamespace namespace) {
    if (!namespace.equals(keyed)) {
      try {
        mac.init(namespace.key());
      } catch (InvalidKeyException e) {
        throw new IllegalStateException("an HMAC takes any key", e);
      }
      keyed = namespace;
    }
  }
}
