package io.galerne.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Signs with an Ed25519 key (RFC 8032). */
final class Signer {
  private static final String ALGORITHM = "Ed25519";

  private final PrivateKey key;
  private final String publicKey;

  /**
   * @param privateKey PKCS #8 in Base64
   * @param publicKey X.509 in Base64
   */
  Signer(String privateKey, String publicKey) {
    try {
      this.key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(privateKey)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("the audit key is no Ed25519 key in PKCS #8 and Base64");
    }
    this.publicKey = publicKey;
    byte[] sample = {1};
    if (!verify(publicKey, sample, sign(sample))) {
      throw new IllegalArgumentException("the audit key and its public key do not belong together");
    }
  }

  static Signer fresh() {
    String[] keys = freshKeys();
    return new Signer(keys[0], keys[1]);
  }

  static String[] freshKeys() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      Base64.Encoder base64 = Base64.getEncoder();
      return new String[] {
        base64.encodeToString(pair.getPrivate().getEncoded()),
        base64.encodeToString(pair.getPublic().getEncoded())
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  String publicKey() {
    return publicKey;
  }

  String sign(byte[] statement) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(statement);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key signs", e);
    }
  }

  /** False for whatever is no such key or no such signature. */
  static boolean verify(String publicKey, byte[] statement, String signature) {
    try {
      byte[] raw = Base64.getDecoder().decode(signature);
      if (!Base64.getEncoder().encodeToString(raw).equals(signature)) {
        return false; // another spelling of the same bytes
      }
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey))));
      check.update(statement);
      return check.verify(raw);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
