package io.galerne.serving;

import io.galerne.engine.scheduler.CacheNamespace;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The part of the engine's cache that a tenant sees: a secret derived from the tenant by
 * HMAC-SHA-256. The server's own secret is drawn at the start, for the cache lives no longer than
 * the process.
 */
final class TenantNamespaces {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  private final SecretKeySpec secret;

  TenantNamespaces() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    this.secret = new SecretKeySpec(bytes, ALGORITHM);
  }

  CacheNamespace of(UUID tenantId) {
    byte[] tenant =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(tenantId.getMostSignificantBits())
            .putLong(tenantId.getLeastSignificantBits())
            .array();
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return CacheNamespace.of(mac.doFinal(tenant));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
