package io.galerne.idempotency;

import io.galerne.identity.DerivedSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Stored answers hold new keys, prompts and texts. Each is encrypted with AES-256-GCM under a key
 * that follows from the pepper and from the client's own Idempotency-Key, of which only a hash is
 * stored: neither a copy of the database nor a row that is moved to another place can be read.
 */
@Component
class AnswerCipher {
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final DerivedSecrets secrets;
  private final SecureRandom random = new SecureRandom();

  AnswerCipher(DerivedSecrets secrets) {
    this.secrets = secrets;
  }

  /** What is stored of the client's key. */
  String hash(String key) {
    return secrets.deriveHex("idempotency key", key);
  }

  /** What is stored of a request; says nothing of it to who hasn't the pepper. */
  String hashOfRequest(String request) {
    return secrets.deriveHex("idempotent request", request);
  }

  byte[] encrypt(IdempotencyScope scope, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = run(Cipher.ENCRYPT_MODE, scope, nonce, plain);
    byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
    return all;
  }

  byte[] decrypt(IdempotencyScope scope, byte[] stored) {
    return run(
        Cipher.DECRYPT_MODE,
        scope,
        Arrays.copyOf(stored, NONCE_BYTES),
        Arrays.copyOfRange(stored, NONCE_BYTES, stored.length));
  }

  private byte[] run(int mode, IdempotencyScope scope, byte[] nonce, byte[] input) {
    String place = scope.tenantId() + "\n" + scope.credentialId() + "\n" + scope.route();
    byte[] key = secrets.derive("idempotent answer", place + "\n" + scope.key());
    try {
      Cipher cipher = Cipher.getInstance(TRANSFORMATION);
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a stored answer can't be sealed or opened", e);
    }
  }
}
