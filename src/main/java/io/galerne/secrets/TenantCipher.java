package io.galerne.secrets;

/** Seals many values of one tenant under one key; with the key gone, all of them are noise. */
public final class TenantCipher {
  private final byte[] key;

  /**
   * @param key 32 random bytes
   */
  public TenantCipher(byte[] key) {
    this.key = key.clone();
  }

  /** A key for a tenant that has none. */
  public static byte[] newKey() {
    return AesGcm.newKey();
  }

  public byte[] seal(byte[] value, SealedPlace place) {
    return AesGcm.encrypt(key, value, place.associatedData());
  }

  /**
   * Opens a value.
   *
   * @throws SealBrokenException if it was changed, or was sealed for another place or with another
   *     key
   */
  public byte[] open(byte[] sealed, SealedPlace place) {
    return AesGcm.decrypt(key, sealed, place.associatedData());
  }
}
