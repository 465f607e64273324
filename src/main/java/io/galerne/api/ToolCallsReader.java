package io.galerne.api;

import io.galerne.engine.template.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the calls of tools that an assistant's message of a request lists. */
final class ToolCallsReader {
  static final int CALLS_MAX = 128;

  private final boolean strict;

  ToolCallsReader(boolean strict) {
    this.strict = strict;
  }

  /** Null when something is wrong. */
  @Nullable List<ToolCall> read(ObjectReader message) {
    JsonNode value = message.value("tool_calls");
    if (value == null) {
      return List.of();
    }
    if (!message.isList("tool_calls", value, CALLS_MAX)) {
      return null;
    }
    List<ToolCall> calls = new ArrayList<>(value.size());
    for (int i = 0; i < value.size() && !message.errors().isFull(); i++) {
      ToolCall call = call(value.get(i), message.loc("tool_calls", i), message.errors());
      if (call != null) {
        calls.add(call);
      }
    }
    return calls.size() == value.size() ? calls : null;
  }

  private @Nullable ToolCall call(JsonNode value, List<Object> loc, FieldErrors errors) {
    ObjectReader call = ObjectReader.of(value, loc, errors);
    if (call == null) {
      return null;
    }
    if (strict) {
      call.refuseOthers(Set.of("id", "type", "function", "index"));
    }
    call.oneOf("type", List.of("function"));
    String id = call.text("id");
    ObjectReader function = call.requiredObject("function");
    if (function == null) {
      return null;
    }
    if (strict) {
      function.refuseOthers(Set.of("name", "arguments"));
    }
    String name = function.requiredText("name");
    String arguments = arguments(function);
    return name == null || arguments == null
        ? null
        : new ToolCall(id == null ? "" : id, name, arguments);
  }

  /** JSON text, as clients of one kind send it, or JSON, as those of the other do. */
  private static @Nullable String arguments(ObjectReader function) {
    JsonNode value = function.value("arguments");
    if (value == null) {
      function.missing("arguments");
      return null;
    }
    return value.isObject() ? function.json("arguments") : function.text("arguments");
  }
}
