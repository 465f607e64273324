package io.galerne.engine;

import io.galerne.engine.template.ToolDefinition;
import java.util.List;

/** What an answer has to look like. {@link Engine#constrain} makes it a {@link Constraint}. */
public sealed interface OutputFormat {
  /** Whether an answer that is no call of a tool is a document, of which a part would be none. */
  default boolean asksForDocument() {
    return switch (this) {
      case FreeText() -> false;
      case JsonObject _, JsonSchema _, Regex _, Choice _ -> true;
      case ToolCalls calls ->
          calls.choice() instanceof ToolChoice.Auto && calls.otherwise().asksForDocument();
    };
  }

  /** Whatever the model writes. */
  record FreeText() implements OutputFormat {}

  /** A JSON object. */
  record JsonObject() implements OutputFormat {}

  /**
   * A value of a JSON Schema.
   *
   * @param schema its JSON text, of draft 2020-12 or 7
   */
  record JsonSchema(String schema) implements OutputFormat {}

  /**
   * A text that a regular expression matches as a whole.
   *
   * @param pattern ECMA-262's, in its Unicode mode
   */
  record Regex(String pattern) implements OutputFormat {}

  /** One of these texts. */
  record Choice(List<String> texts) implements OutputFormat {
    public Choice {
      texts = List.copyOf(texts);
    }
  }

  /**
   * Calls of tools, in the model's own format.
   *
   * @param tools at least one; each one's parameters are enforced
   * @param parallel whether an answer may call more than once
   * @param otherwise what an answer that calls no tool looks like: free text or JSON. With JSON an
   *     answer calls or is a document, and never both
   */
  record ToolCalls(
      List<ToolDefinition> tools, ToolChoice choice, boolean parallel, OutputFormat otherwise)
      implements OutputFormat {
    /** The JSON pointer of {@code otherwise}, in refusals. */
    public static final String OTHERWISE = "/otherwise";

    public ToolCalls {
      tools = List.copyOf(tools);
    }

    /** Calls, or what the model has to say. */
    public ToolCalls(List<ToolDefinition> tools, ToolChoice choice, boolean parallel) {
      this(tools, choice, parallel, new FreeText());
    }
  }
}
