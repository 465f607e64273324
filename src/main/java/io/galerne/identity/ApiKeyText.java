package io.galerne.identity;

/** Tells keys of this platform in texts, so that they can be kept out of them. */
public final class ApiKeyText {
  private ApiKeyText() {}

  /** Whether the text has the form and the checksum of a key. */
  public static boolean isApiKey(String text) {
    return KeyFormat.isWellFormed(text);
  }
}
