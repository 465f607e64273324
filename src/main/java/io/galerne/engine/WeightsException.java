package io.galerne.engine;

import java.nio.file.Path;

/** A file of weights that cannot be served; the message names the file and the offending field. */
public final class WeightsException extends RuntimeException {
  public WeightsException(Path file, Throwable cause) {
    super(file + ": " + cause.getMessage(), cause);
  }
}
