package io.galerne.moderation.scan;

/** A regular expression that can't be used; the message is fit for whoever wrote it. */
public final class PatternException extends RuntimeException {
  PatternException(String message) {
    super(message, null, false, false);
  }
}
