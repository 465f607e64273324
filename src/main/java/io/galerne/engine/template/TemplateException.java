package io.galerne.engine.template;

/** A chat template that cannot be read, exceeds its bounds, or refuses the conversation. */
public final class TemplateException extends RuntimeException {
  public TemplateException(String message) {
    super(message);
  }
}
