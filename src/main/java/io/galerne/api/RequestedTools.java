package io.galerne.api;

import io.galerne.engine.ToolChoice;
import io.galerne.engine.template.ToolDefinition;
import java.util.List;

/**
 * The tools that an answer may call.
 *
 * @param tools empty where there are none, or where none may be called
 * @param parallel whether one answer may call several times
 */
record RequestedTools(List<ToolDefinition> tools, ToolChoice choice, boolean parallel) {
  static final RequestedTools NONE = new RequestedTools(List.of(), new ToolChoice.Auto(), true);

  RequestedTools {
    tools = List.copyOf(tools);
  }
}
