package io.galerne.engine.template;

import io.galerne.engine.gguf.GgufMetadata;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model's own chat template, in the part of Jinja that published templates use. A template is
 * foreign code: it works on values of its own, reaches no Java object, and is bounded in steps,
 * depth, text and time. Safe for many threads.
 */
public final class ChatTemplate {
  private final List<Statement> statements;
  private final boolean hermesTools;
  private final Clock clock;

  private ChatTemplate(List<Statement> statements, boolean hermesTools, Clock clock) {
    this.statements = statements;
    this.hermesTools = hermesTools;
    this.clock = clock;
  }

  /**
   * The template of a file.
   *
   * @throws TemplateException if the file has none or it is not a template
   */
  public static ChatTemplate fromGguf(GgufMetadata metadata) {
    return parse(
        metadata
            .findString("tokenizer.chat_template")
            .orElseThrow(
                () ->
                    new TemplateException(
                        "the file has no chat template; the setting prompt-format can name a format"
                            + " instead")));
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException naming the line that is wrong
   */
  public static ChatTemplate parse(String template) {
    return parse(template, Clock.systemUTC());
  }

  /** A template whose {@code strftime_now} goes by the given clock. */
  static ChatTemplate parse(String template, Clock clock) {
    return new ChatTemplate(TemplateParser.parse(template), hermesTools(template), clock);
  }

  /**
   * Renders a conversation up to where the assistant's next answer begins, or where the text of the
   * last message ends if that is a prefix. Characters of messages stay marked as such in the
   * result.
   *
   * @throws TemplateException if the template fails, exceeds its bounds or refuses the conversation
   */
  Text render(PromptRequest request, String beginOfSequence, String endOfSequence) {
    return render(request, beginOfSequence, endOfSequence, new Budget());
  }

  Text render(PromptRequest request, String beginOfSequence, String endOfSequence, Budget budget) {
    List<ChatMessage> messages = request.messages();
    boolean goesOn = !messages.isEmpty() && messages.getLast().prefix();
    Scope globals = new Scope(null);
    new Functions(budget, clock).defineIn(globals);
    globals.set("messages", MessageValues.messages(messages));
    globals.set("add_generation_prompt", Value.of(!goesOn));
    globals.set("bos_token", Text.of(beginOfSequence));
    globals.set("eos_token", Text.of(endOfSequence));
    globals.set("tools", MessageValues.tools(request.tools()));
    globals.set("documents", Value.NONE);
    Text text = new Renderer(budget).render(statements, globals);
    return goesOn ? upTo(messages.getLast().content(), text) : text;
  }

  /**
   * What a template wrote, up to the end of the last message's text; templates may have taken
   * blanks off that text, and what follows it closes the turn.
   */
  private static Text upTo(String prefix, Text text) {
    String stripped = prefix.strip();
    int start = lastOfMessages(stripped, text);
    if (start < 0 || stripped.isEmpty()) {
      throw new TemplateException("the chat template does not show the prefix of the answer");
    }
    String whole = prefix.stripLeading();
    int length = text.toString().startsWith(whole, start) ? whole.length() : stripped.length();
    return text.substring(0, start + length);
  }

  /** Where a text of a message last begins: what closes a turn may be spelled the same. */
  private static int lastOfMessages(String content, Text text) {
    String all = text.toString();
    int start = all.lastIndexOf(content);
    while (start >= 0 && !text.foreign(start, start + content.length())) {
      start = all.lastIndexOf(content, start - 1);
    }
    return start;
  }

  /** Whether the template itself shows tools, and calls in the notation of {@code HERMES}. */
  boolean hermesTools() {
    return hermesTools;
  }

  private static boolean hermesTools(String template) {
    return template.contains("tools")
        && template.contains("<tool_call>")
        && template.contains("</tool_call>")
        && template.contains("arguments")
        && Stream.of("<function=", "<arg_key>", "<parameter").noneMatch(template::contains);
  }
}
