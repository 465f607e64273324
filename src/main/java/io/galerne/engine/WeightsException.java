package io.galerne.engine;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.template.TemplateException;
import java.nio.file.Path;

/** A file of weights that cannot be served; the message names the file and the offending field. */
public final class WeightsException extends RuntimeException {
  private final String field;

  WeightsException(Path file, GgufException cause) {
    super(file + ": " + cause.getMessage(), cause);
    this.field = cause.field();
  }

  WeightsException(Path file, TemplateException cause) {
    super(file + ": tokenizer.chat_template: " + cause.getMessage(), cause);
    this.field = "tokenizer.chat_template";
  }

  /**
   * The field that is wrong, as the GGUF specification spells it; {@code file} if the file itself
   * cannot be read, {@code memory} if what it holds is too large.
   */
  public String field() {
    return field;
  }
}
