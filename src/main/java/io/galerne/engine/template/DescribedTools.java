package io.galerne.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tools for models that were given no place for them: the system message describes them and how
 * they are called, calls and results are ordinary messages. The notation is that of Hermes, which
 * small models have often seen.
 *
 * @see <a href="https://github.com/NousResearch/Hermes-Function-Calling">Hermes function
 *     calling</a>
 */
final class DescribedTools {
  private static final String BEFORE_TOOLS =
      """
      You can call tools. These are available, one JSON object a line:
      <tools>
      """;
  private static final String AFTER_TOOLS =
      """

      </tools>
      To call a tool, answer with a JSON object of its name and its arguments between tags, once for \
      each call:
      <tool_call>
      {"name": "the tool's name", "arguments": {"a parameter's name": "its value"}}
      </tool_call>
      The results come back between <tool_response> tags.\
      """;

  private DescribedTools() {}

  /** The same conversation without tools, tool calls and messages of tools. */
  static PromptRequest describe(PromptRequest request) {
    List<ChatMessage> messages = new ArrayList<>();
    StringBuilder results = new StringBuilder();
    for (ChatMessage message : request.messages()) {
      if (message.is(ChatMessage.TOOL)) {
        results.append(results.isEmpty() ? "" : "\n").append(result(message));
        continue;
      }
      flush(results, messages);
      messages.add(message.toolCalls().isEmpty() ? message : withCallsAsText(message));
    }
    flush(results, messages);
    if (!request.tools().isEmpty()) {
      introduce(request.tools(), messages);
    }
    return PromptRequest.of(messages);
  }

  private static void introduce(List<ToolDefinition> tools, List<ChatMessage> messages) {
    String instructions =
        tools.stream()
            .map(MistralPromptEncoder::definition)
            .collect(Collectors.joining("\n", BEFORE_TOOLS, AFTER_TOOLS));
    boolean hasSystem = !messages.isEmpty() && messages.getFirst().is(ChatMessage.SYSTEM);
    if (!hasSystem) {
      messages.addFirst(new ChatMessage(ChatMessage.SYSTEM, instructions));
      return;
    }
    String system = messages.getFirst().content();
    messages.set(
        0,
        new ChatMessage(
            ChatMessage.SYSTEM, system.isEmpty() ? instructions : system + "\n\n" + instructions));
  }

  private static ChatMessage withCallsAsText(ChatMessage message) {
    String calls =
        message.toolCalls().stream().map(DescribedTools::call).collect(Collectors.joining("\n"));
    String content = message.content();
    return new ChatMessage(
        message.role(),
        content.isEmpty() ? calls : content + "\n" + calls,
        List.of(),
        null,
        null,
        message.prefix());
  }

  private static String call(ToolCall call) {
    String arguments = call.arguments().isEmpty() ? "{}" : JsonSpelling.of(call.arguments());
    return "<tool_call>\n{\"name\": %s, \"arguments\": %s}\n</tool_call>"
        .formatted(JsonSpelling.quote(call.name()), arguments);
  }

  private static String result(ChatMessage message) {
    return "<tool_response>\n" + message.content() + "\n</tool_response>";
  }

  private static void flush(StringBuilder results, List<ChatMessage> messages) {
    if (!results.isEmpty()) {
      messages.add(new ChatMessage(ChatMessage.USER, results.toString()));
      results.setLength(0);
    }
  }
}
