package io.galerne.engine;

/** Which tools an answer calls. */
public sealed interface ToolChoice {
  /** The model decides whether: text, calls, or text and then calls. */
  record Auto() implements ToolChoice {}

  /** At least one call, and no text. */
  record Any() implements ToolChoice {}

  /** At least one call of this tool, none of another, and no text. */
  record Named(String name) implements ToolChoice {}
}
