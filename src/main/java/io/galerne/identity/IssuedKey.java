package io.galerne.identity;

import java.util.UUID;

/**
 * A new API key, on its way to its owner. The secret exists nowhere else and cannot be shown again.
 *
 * @param secret the key itself
 * @param display what lists show of it
 */
public record IssuedKey(UUID id, String secret, String display) {
  @Override
  public String toString() {
    return "IssuedKey[id=" + id + ", display=" + display + "]";
  }
}
