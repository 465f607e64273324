package io.galerne.engine.template;

import io.galerne.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Mistral's prompt formats v1, v2, v3 and v7, token for token as mistral-common has them. Each
 * piece of text is encoded by itself and placed between control tokens, so nothing that a request
 * says can become one. Format v1 has no tools: there they are described in words ({@link
 * DescribedTools}).
 */
final class MistralPromptEncoder implements PromptEncoder {
  private static final Pattern CALL_ID = Pattern.compile("[a-zA-Z0-9]{9}");

  private final Tokenizer tokenizer;
  private final PromptFormat format;
  private final boolean hasTools;
  private final boolean keepsSystem;

  MistralPromptEncoder(Tokenizer tokenizer, PromptFormat format) {
    this.tokenizer = tokenizer;
    this.format = format;
    this.hasTools = format != PromptFormat.MISTRAL_V1;
    this.keepsSystem = format == PromptFormat.MISTRAL_V7;
    for (Mark mark : Mark.values()) {
      if (mark.isIn(format)) {
        control(mark.text);
      }
    }
    control(tokenizer.beginOfSequence());
    control(tokenizer.endOfSequence());
  }

  private enum Mark {
    BEGIN_TURN("[INST]", PromptFormat.MISTRAL_V2),
    END_TURN("[/INST]", PromptFormat.MISTRAL_V2),
    BEGIN_TOOLS("[AVAILABLE_TOOLS]", PromptFormat.MISTRAL_V2),
    END_TOOLS("[/AVAILABLE_TOOLS]", PromptFormat.MISTRAL_V2),
    CALLS("[TOOL_CALLS]", PromptFormat.MISTRAL_V2),
    BEGIN_RESULT("[TOOL_RESULTS]", PromptFormat.MISTRAL_V2),
    END_RESULT("[/TOOL_RESULTS]", PromptFormat.MISTRAL_V2),
    BEGIN_SYSTEM("[SYSTEM_PROMPT]", PromptFormat.MISTRAL_V7),
    END_SYSTEM("[/SYSTEM_PROMPT]", PromptFormat.MISTRAL_V7),
    RESULT_CONTENT("[TOOL_CONTENT]", PromptFormat.MISTRAL_V7);

    private final String text;
    private final PromptFormat since;

    Mark(String text, PromptFormat since) {
      this.text = text;
      this.since = since;
    }

    boolean isIn(PromptFormat format) {
      return format.compareTo(since) >= 0;
    }
  }

  @Override
  public ToolCallFormat toolCallFormat() {
    return switch (format) {
      case TEMPLATE, MISTRAL_V1 -> ToolCallFormat.HERMES;
      case MISTRAL_V2 -> ToolCallFormat.MISTRAL_V2;
      case MISTRAL_V3, MISTRAL_V7 -> ToolCallFormat.MISTRAL_V3;
    };
  }

  @Override
  public int[] encode(PromptRequest request) {
    boolean describes = !hasTools && request.concernsTools();
    PromptRequest told = describes ? DescribedTools.describe(request) : request;
    MistralMessages conversation = MistralMessages.of(told.messages(), keepsSystem);
    List<ChatMessage> messages = conversation.messages();
    checkPrefix(messages);
    if (format == PromptFormat.MISTRAL_V2) {
      checkResults(conversation);
    }
    int firstUser = conversation.firstUser();
    int lastUser = conversation.lastUser();
    IntStream.Builder tokens = IntStream.builder();
    tokens.add(control(tokenizer.beginOfSequence()));
    for (int i = 0; i < messages.size(); i++) {
      ChatMessage message = messages.get(i);
      switch (message.role()) {
        case ChatMessage.USER -> {
          boolean holdsSystem = i == (hasTools ? lastUser : firstUser);
          addUser(
              withSystem(holdsSystem ? conversation.system() : "", message.content()),
              i == lastUser ? told.tools() : List.of(),
              tokens);
        }
        case ChatMessage.ASSISTANT -> addAssistant(message, i < lastUser, tokens);
        case ChatMessage.TOOL -> addResult(message, i < lastUser, tokens);
        default -> {
          add(Mark.BEGIN_SYSTEM, tokens);
          addText(message.content(), tokens);
          add(Mark.END_SYSTEM, tokens);
        }
      }
    }
    return tokens.build().toArray();
  }

  private static String withSystem(String system, String content) {
    return system.isEmpty() ? content : system + "\n\n" + content;
  }

  private void addUser(String content, List<ToolDefinition> tools, IntStream.Builder tokens) {
    if (!hasTools) {
      addText("[INST] " + content + " [/INST]", tokens);
      return;
    }
    if (!tools.isEmpty()) {
      add(Mark.BEGIN_TOOLS, tokens);
      addText(
          tools.stream()
              .map(MistralPromptEncoder::definition)
              .collect(Collectors.joining(", ", "[", "]")),
          tokens);
      add(Mark.END_TOOLS, tokens);
    }
    add(Mark.BEGIN_TURN, tokens);
    addText(content, tokens);
    add(Mark.END_TURN, tokens);
  }

  static String definition(ToolDefinition tool) {
    return "{\"type\": \"function\", \"function\": {\"name\": %s, \"description\": %s, \"parameters\": %s}}"
        .formatted(
            JsonSpelling.quote(tool.name()),
            JsonSpelling.quote(tool.description()),
            JsonSpelling.of(tool.parameters()));
  }

  private void addAssistant(ChatMessage message, boolean isPast, IntStream.Builder tokens) {
    boolean calls = !message.toolCalls().isEmpty();
    boolean speaks = !message.content().isEmpty();
    if (!calls && !speaks) {
      throw new TemplateException("an assistant's message has neither content nor tool calls");
    }
    if (calls && speaks && format != PromptFormat.MISTRAL_V7) {
      throw new TemplateException(
          "an assistant's message has both content and tool calls, which this model can't be"
              + " shown");
    }
    if (calls && isPast && format == PromptFormat.MISTRAL_V2) {
      return;
    }
    if (speaks) {
      addText(hasTools ? withoutTrailingBlanks(message.content()) : message.content(), tokens);
    }
    if (calls) {
      add(Mark.CALLS, tokens);
      addText(
          message.toolCalls().stream().map(this::call).collect(Collectors.joining(", ", "[", "]")),
          tokens);
    }
    if (!message.prefix()) {
      tokens.add(control(tokenizer.endOfSequence()));
    }
  }

  private static String withoutTrailingBlanks(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private String call(ToolCall call) {
    String id = hasIds() ? ", \"id\": " + JsonSpelling.quote(checkedId(call.id())) : "";
    return "{\"name\": %s, \"arguments\": %s%s}"
        .formatted(JsonSpelling.quote(call.name()), json(call.arguments()), id);
  }

  private void addResult(ChatMessage message, boolean isPast, IntStream.Builder tokens) {
    if (isPast && format == PromptFormat.MISTRAL_V2) {
      return;
    }
    String id = message.toolCallId() == null ? "" : message.toolCallId();
    String name = message.name();
    add(Mark.BEGIN_RESULT, tokens);
    if (format == PromptFormat.MISTRAL_V7) {
      addText(checkedId(id), tokens);
      add(Mark.RESULT_CONTENT, tokens);
      addText(message.content(), tokens);
    } else if (format == PromptFormat.MISTRAL_V3) {
      addText(
          "{\"content\": %s, \"call_id\": %s}"
              .formatted(json(message.content()), JsonSpelling.quote(checkedId(id))),
          tokens);
    } else {
      addText(
          "[{\"name\": %s, \"content\": %s}]"
              .formatted(name == null ? "null" : JsonSpelling.quote(name), json(message.content())),
          tokens);
    }
    add(Mark.END_RESULT, tokens);
  }

  private static String json(String text) {
    return text.isEmpty() ? "{}" : JsonSpelling.of(text);
  }

  private boolean hasIds() {
    return format.compareTo(PromptFormat.MISTRAL_V3) >= 0;
  }

  private static String checkedId(String id) {
    if (!CALL_ID.matcher(id).matches()) {
      throw new TemplateException("the tool call id '" + id + "' is not 9 letters or digits");
    }
    return id;
  }

  private static void checkPrefix(List<ChatMessage> messages) {
    for (ChatMessage message : messages.subList(0, messages.size() - 1)) {
      if (message.prefix()) {
        throw new TemplateException("only the last message can be a prefix");
      }
    }
  }

  /** Format v2 has room for one result after an assistant's calls. */
  private static void checkResults(MistralMessages conversation) {
    List<ChatMessage> messages = conversation.messages();
    for (int i = Math.max(conversation.lastUser(), 0) + 1; i + 1 < messages.size(); i++) {
      if (messages.get(i).is(ChatMessage.TOOL)
          && messages.get(i + 1).is(ChatMessage.TOOL)
          && followsCalls(messages, i)) {
        throw new TemplateException("this model can't be shown several results of one turn");
      }
    }
  }

  private static boolean followsCalls(List<ChatMessage> messages, int place) {
    return place > 0 && !messages.get(place - 1).toolCalls().isEmpty();
  }

  private void addText(String text, IntStream.Builder tokens) {
    for (int id : tokenizer.encode(text)) {
      tokens.add(id);
    }
  }

  private void add(Mark mark, IntStream.Builder tokens) {
    tokens.add(control(mark.text));
  }

  private int control(String text) {
    return tokenizer
        .controlToken(text)
        .orElseThrow(
            () ->
                new TemplateException(
                    "the vocabulary has no control token '"
                        + text
                        + "', which the prompt format "
                        + format
                        + " needs"));
  }
}
