package io.galerne.secrets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * Seals values for the database. Each has a data key of its own, which is wrapped under the current
 * key-encryption key (an envelope): another such key means wrapping data keys again, not values.
 *
 * <p>Sealed form: version, name of the key-encryption key, wrapped data key, ciphertext. Both the
 * key and the ciphertext are bound to the value's place.
 */
public final class SecretBox {
  private static final byte VERSION = 1;
  private static final int WRAPPED_BYTES = AesGcm.NONCE_BYTES + AesGcm.KEY_BYTES + AesGcm.TAG_BYTES;
  private static final int HEAD_BYTES = 1 + Keyring.ID_BYTES + WRAPPED_BYTES;

  private final Supplier<Keyring> keys;

  SecretBox(Keyring keyring) {
    this(() -> keyring);
  }

  /**
   * @param keys asked each time, since keys may be added
   */
  SecretBox(Supplier<Keyring> keys) {
    this.keys = keys;
  }

  /** Seals a value for a place. */
  public byte[] seal(byte[] value, SealedPlace place) {
    Keyring keyring = keys.get();
    byte[] associated = place.associatedData();
    byte[] dataKey = AesGcm.newKey();
    byte[] wrapped = AesGcm.encrypt(keyring.currentKey(), dataKey, associated);
    byte[] sealed = AesGcm.encrypt(dataKey, value, associated);
    return ByteBuffer.allocate(HEAD_BYTES + sealed.length)
        .put(VERSION)
        .put(keyring.currentId())
        .put(wrapped)
        .put(sealed)
        .array();
  }

  public byte[] seal(String value, SealedPlace place) {
    return seal(value.getBytes(StandardCharsets.UTF_8), place);
  }

  /**
   * Opens a value.
   *
   * @throws SealBrokenException if it was changed, was sealed for another place, or its key is gone
   */
  public byte[] open(byte[] sealed, SealedPlace place) {
    byte[] dataKey = dataKey(sealed, place);
    return AesGcm.decrypt(
        dataKey, Arrays.copyOfRange(sealed, HEAD_BYTES, sealed.length), place.associatedData());
  }

  public String openText(byte[] sealed, SealedPlace place) {
    return new String(open(sealed, place), StandardCharsets.UTF_8);
  }

  /** Whether the value is under the key that seals now. */
  public boolean isCurrent(byte[] sealed) {
    return Arrays.equals(keyId(sealed), keys.get().currentId());
  }

  /** The name of the key that seals now. */
  String currentKey() {
    return HexFormat.of().formatHex(keys.get().currentId());
  }

  /** The same value under the current key; it need not be opened for that. */
  public byte[] rewrap(byte[] sealed, SealedPlace place) {
    Keyring keyring = keys.get();
    byte[] wrapped =
        AesGcm.encrypt(keyring.currentKey(), dataKey(sealed, place), place.associatedData());
    return ByteBuffer.allocate(sealed.length)
        .put(VERSION)
        .put(keyring.currentId())
        .put(wrapped)
        .put(sealed, HEAD_BYTES, sealed.length - HEAD_BYTES)
        .array();
  }

  private byte[] dataKey(byte[] sealed, SealedPlace place) {
    byte[] kek = keys.get().key(keyId(sealed));
    byte[] wrapped = Arrays.copyOfRange(sealed, 1 + Keyring.ID_BYTES, HEAD_BYTES);
    return AesGcm.decrypt(kek, wrapped, place.associatedData());
  }

  private static byte[] keyId(byte[] sealed) {
    if (sealed.length < HEAD_BYTES || sealed[0] != VERSION) {
      throw new SealBrokenException("not of a known form");
    }
    return Arrays.copyOfRange(sealed, 1, 1 + Keyring.ID_BYTES);
  }
}
