package io.galerne.engine.gguf;

/** A file that is not a GGUF file this engine can use; the message names the offending field. */
public final class GgufException extends RuntimeException {
  private final String field;

  public GgufException(String field, String message) {
    super(field + ": " + message);
    this.field = field;
  }

  public GgufException(String field, String message, Throwable cause) {
    super(field + ": " + message, cause);
    this.field = field;
  }

  /** The field of the file that is wrong, as the GGUF specification spells it. */
  public String field() {
    return field;
  }
}
