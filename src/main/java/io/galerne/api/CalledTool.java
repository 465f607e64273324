package io.galerne.api;

import io.galerne.engine.template.ToolCall;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A call of a tool in an answer.
 *
 * @param index of the call in its answer
 */
record CalledTool(String id, String type, Function function, int index) {
  /**
   * What is called.
   *
   * @param arguments JSON text
   */
  record Function(String name, String arguments) {}

  static List<CalledTool> of(List<ToolCall> calls) {
    return IntStream.range(0, calls.size()).mapToObj(i -> of(calls.get(i), i)).toList();
  }

  private static CalledTool of(ToolCall call, int index) {
    return new CalledTool(
        call.id(), "function", new Function(call.name(), call.arguments()), index);
  }
}
