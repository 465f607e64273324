package io.galerne.identity;

import java.util.List;

/** Tells keys of this platform in texts, so that they can be kept out of them. */
public final class ApiKeyText {
  private ApiKeyText() {}

  /** Whether the text has the form and the checksum of a key. */
  public static boolean isApiKey(String text) {
    return List.of(KeyFormat.values()).stream().anyMatch(form -> form.isWellFormed(text));
  }
}
