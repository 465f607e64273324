package io.galerne.engine.template;

import io.galerne.engine.gguf.GgufMetadata;
import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Sequence;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's own chat template, in the part of Jinja that published templates use. A template is
 * foreign code: it works on values of its own, reaches no Java object, and is bounded in steps,
 * depth, text and time. Safe for many threads.
 */
public final class ChatTemplate {
  private final List<Statement> statements;
  private final Clock clock;

  private ChatTemplate(List<Statement> statements, Clock clock) {
    this.statements = statements;
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
            .orElseThrow(() -> new TemplateException("the file has no chat template")));
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
    return new ChatTemplate(TemplateParser.parse(template), clock);
  }

  /**
   * Renders a conversation up to where the assistant's next answer begins. Characters of messages
   * stay marked as such in the result.
   *
   * @throws TemplateException if the template fails, exceeds its bounds or refuses the conversation
   */
  Text render(List<ChatMessage> messages, String beginOfSequence, String endOfSequence) {
    return render(messages, beginOfSequence, endOfSequence, new Budget());
  }

  Text render(
      List<ChatMessage> messages, String beginOfSequence, String endOfSequence, Budget budget) {
    Scope globals = new Scope(null);
    new Functions(budget, clock).defineIn(globals);
    globals.set("messages", values(messages));
    globals.set("add_generation_prompt", Value.TRUE);
    globals.set("bos_token", Text.of(beginOfSequence));
    globals.set("eos_token", Text.of(endOfSequence));
    globals.set("tools", Value.NONE);
    globals.set("documents", Value.NONE);
    return new Renderer(budget).render(statements, globals);
  }

  private static Value values(List<ChatMessage> messages) {
    List<Value> values = new ArrayList<>(messages.size());
    for (ChatMessage message : messages) {
      Map<Text, Value> entries = new LinkedHashMap<>();
      entries.put(Text.of("role"), Text.ofMessage(message.role()));
      entries.put(Text.of("content"), Text.ofMessage(message.content()));
      values.add(new Mapping(entries));
    }
    return new Sequence(values);
  }
}
