package io.galerne.engine.template;

import io.galerne.engine.tokenizer.ControlTokenSplitter;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Turns a conversation into the tokens of a prompt. Text of the messages never becomes a control
 * token: each of its characters stays marked through the template, whatever the template does with
 * it, and a control token is only made of characters that the template itself wrote. Neither a
 * whole control text in a message counts, nor one that arises where a message meets the template.
 */
public final class PromptEncoder {
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final ControlTokenSplitter splitter;

  public PromptEncoder(Tokenizer tokenizer, ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.splitter = new ControlTokenSplitter(tokenizer.controlTokens());
  }

  /**
   * The prompt, with the beginning-of-sequence token before it where the file asks for it and the
   * template has not written it.
   *
   * @throws TemplateException if the template fails, exceeds its bounds or refuses the conversation
   */
  public int[] encode(List<ChatMessage> messages) {
    Text text = template.render(messages, tokenizer.beginOfSequence(), tokenizer.endOfSequence());
    IntStream.Builder tokens = IntStream.builder();
    List<ControlTokenSplitter.Part> parts = splitter.split(text.toString(), text.foreign());
    if (tokenizer.addsBeginOfSequence() && !startsWithBeginOfSequence(parts)) {
      add(tokenizer.encodeWithControlTokens(tokenizer.beginOfSequence()), tokens);
    }
    for (ControlTokenSplitter.Part part : parts) {
      add(
          part.isControl()
              ? tokenizer.encodeWithControlTokens(part.text())
              : tokenizer.encode(part.text()),
          tokens);
    }
    return tokens.build().toArray();
  }

  private boolean startsWithBeginOfSequence(List<ControlTokenSplitter.Part> parts) {
    return !parts.isEmpty()
        && parts.getFirst().isControl()
        && parts.getFirst().text().equals(tokenizer.beginOfSequence());
  }

  private static void add(int[] ids, IntStream.Builder tokens) {
    for (int id : ids) {
      tokens.add(id);
    }
  }
}
