package io.galerne.secrets;

/** Something sealed can't be opened; the message says why and nothing of what is in it. */
public final class SealBrokenException extends RuntimeException {
  SealBrokenException(String reason) {
    super("a sealed value can't be opened: " + reason);
  }
}
