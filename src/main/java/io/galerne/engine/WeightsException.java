package io.galerne.engine;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.template.TemplateException;
import java.nio.file.Path;

/** A file of weights that cannot be served; the message names the file and the offending field. */
public final class WeightsException extends RuntimeException {
  private static final String TEMPLATE = "tokenizer.chat_template";

  private final String field;
  private final String reason;

  WeightsException(Path file, GgufException cause) {
    this(file, cause.field(), String.valueOf(cause.getMessage()), cause);
  }

  WeightsException(Path file, TemplateException cause) {
    this(file, TEMPLATE, TEMPLATE + ": " + cause.getMessage(), cause);
  }

  private WeightsException(Path file, String field, String reason, RuntimeException cause) {
    super(file + ": " + reason, cause);
    this.field = field;
    this.reason = reason;
  }

  /** The field and what is wrong with it, without the file. */
  public String reason() {
    return reason;
  }

  /**
   * The field that is wrong, as the GGUF specification spells it; {@code file} if the file itself
   * cannot be read, {@code memory} if what it holds is too large.
   */
  public String field() {
    return field;
  }
}
