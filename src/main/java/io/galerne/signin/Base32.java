package io.galerne.signin;

/** Base 32 as authenticator apps take secrets (RFC 4648, section 6), without padding. */
final class Base32 {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  private Base32() {}

  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int buffer = 0;
    int buffered = 0;
    for (byte next : bytes) {
      buffer = buffer << Byte.SIZE | (next & 0xff);
      buffered += Byte.SIZE;
      while (buffered >= BITS) {
        buffered -= BITS;
        text.append(ALPHABET.charAt(buffer >> buffered & 31));
      }
    }
    return buffered == 0
        ? text.toString()
        : text.append(ALPHABET.charAt(buffer << (BITS - buffered) & 31)).toString();
  }
}
