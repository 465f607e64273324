package io.galerne.engine.template;

import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages and tools as templates expect them: the dictionaries of a chat completion request. */
final class MessageValues {
  private MessageValues() {}

  static Value messages(List<ChatMessage> messages) {
    List<Value> values = new ArrayList<>(messages.size());
    for (ChatMessage message : messages) {
      values.add(message(message));
    }
    return new Sequence(values);
  }

  private static Value message(ChatMessage message) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    put(entries, "role", message.role());
    put(entries, "content", message.content());
    if (!message.toolCalls().isEmpty()) {
      List<Value> calls = new ArrayList<>();
      message.toolCalls().forEach(call -> calls.add(call(call)));
      entries.put(Text.of("tool_calls"), new Sequence(calls));
    }
    String toolCallId = message.toolCallId();
    if (toolCallId != null) {
      put(entries, "tool_call_id", toolCallId);
    }
    String name = message.name();
    if (name != null) {
      put(entries, "name", name);
    }
    return new Mapping(entries);
  }

  private static Value call(ToolCall call) {
    Map<Value, Value> function = new LinkedHashMap<>();
    put(function, "name", call.name());
    String arguments = call.arguments().isEmpty() ? "{}" : call.arguments();
    function.put(Text.of("arguments"), JsonValues.of(arguments));
    Map<Value, Value> entries = new LinkedHashMap<>();
    put(entries, "id", call.id());
    entries.put(Text.of("type"), Text.of("function"));
    entries.put(Text.of("function"), new Mapping(function));
    return new Mapping(entries);
  }

  static Value tools(List<ToolDefinition> tools) {
    if (tools.isEmpty()) {
      return Value.NONE;
    }
    List<Value> values = new ArrayList<>(tools.size());
    for (ToolDefinition tool : tools) {
      Map<Value, Value> function = new LinkedHashMap<>();
      put(function, "name", tool.name());
      put(function, "description", tool.description());
      function.put(Text.of("parameters"), JsonValues.of(tool.parameters()));
      Map<Value, Value> entries = new LinkedHashMap<>();
      entries.put(Text.of("type"), Text.of("function"));
      entries.put(Text.of("function"), new Mapping(function));
      values.add(new Mapping(entries));
    }
    return new Sequence(values);
  }

  private static void put(Map<Value, Value> entries, String name, String text) {
    entries.put(Text.of(name), Text.ofMessage(text));
  }
}
