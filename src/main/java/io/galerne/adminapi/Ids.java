package io.galerne.adminapi;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as clients write them. {@link UUID#fromString} alone takes {@code 1-1-1-1-1}. */
final class Ids {
  private static final Pattern FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Ids() {}

  static Optional<UUID> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
  }
}
