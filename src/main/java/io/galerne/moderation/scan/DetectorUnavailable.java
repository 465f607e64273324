package io.galerne.moderation.scan;

/** A detector that can't tell: it is slow, down, or answers nonsense. */
public final class DetectorUnavailable extends RuntimeException {
  public DetectorUnavailable(String message) {
    super(message, null, false, false);
  }
}
