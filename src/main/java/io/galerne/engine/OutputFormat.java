package io.galerne.engine;

import io.galerne.engine.template.ToolDefinition;
import java.util.List;

/** What an answer has to look like. {@link Engine#constrain} makes it a {@link Constraint}. */
public sealed interface OutputFormat {
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
   */
  record ToolCalls(List<ToolDefinition> tools, ToolChoice choice, boolean parallel)
      implements OutputFormat {
    public ToolCalls {
      tools = List.copyOf(tools);
    }
  }
}
