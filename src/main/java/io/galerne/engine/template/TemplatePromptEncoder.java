package io.galerne.engine.template;

import io.galerne.engine.tokenizer.ControlTokenSplitter;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Prompts by the model's own chat template. Text of a request never becomes a control token: each
 * of its characters stays marked through the template, whatever the template does with it, and a
 * control token is only made of characters that the template itself wrote. Neither a whole control
 * text in a message counts, nor one that arises where a message meets the template.
 *
 * <p>Tools go through the template where it knows them in a notation that answers can be read by;
 * otherwise they are described in words ({@link DescribedTools}).
 */
final class TemplatePromptEncoder implements PromptEncoder {
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final ControlTokenSplitter splitter;

  TemplatePromptEncoder(Tokenizer tokenizer, ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.splitter = new ControlTokenSplitter(tokenizer.controlTokens());
  }

  /** With the beginning-of-sequence token first where the file asks for it. */
  @Override
  public int[] encode(PromptRequest request) {
    boolean describes = request.concernsTools() && !template.hermesTools();
    Text text =
        template.render(
            describes ? DescribedTools.describe(request) : request,
            tokenizer.beginOfSequence(),
            tokenizer.endOfSequence());
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

  @Override
  public ToolCallFormat toolCallFormat() {
    return ToolCallFormat.HERMES;
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
