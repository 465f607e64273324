package io.galerne.engine.scheduler;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whose cached prefixes a request may find. It is known by a secret: without it nobody can name a
 * block, so a namespace sees its own blocks and no other's, whatever the texts have in common.
 */
public final class CacheNamespace {
  /** For text that is nobody's secret, such as a system prompt that the operator gives to all. */
  public static final CacheNamespace PUBLIC = random();

  private static final int SECRET_BYTES = 32;
  private static final int SECRET_BYTES_MIN = 16;

  private final byte[] secret;

  private CacheNamespace(byte[] secret) {
    this.secret = secret;
  }

  /**
   * @param secret at least 16 bytes; the same secret is the same namespace
   */
  public static CacheNamespace of(byte[] secret) {
    if (secret.length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException("secret: fewer than " + SECRET_BYTES_MIN + " bytes");
    }
    return new CacheNamespace(secret.clone());
  }

  /** A namespace that nobody else is in. */
  public static CacheNamespace random() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return new CacheNamespace(secret);
  }

  SecretKeySpec key() {
    return new SecretKeySpec(secret, HmacBlockHasher.ALGORITHM);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CacheNamespace namespace
        && MessageDigest.isEqual(secret, namespace.secret);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(secret);
  }

  /** Tells nothing of the secret. */
  @Override
  public String toString() {
    return equals(PUBLIC) ? "public" : "private";
  }
}
