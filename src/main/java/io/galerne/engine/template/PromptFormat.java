package io.galerne.engine.template;

import io.galerne.engine.gguf.GgufMetadata;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * How a conversation is laid out for a model. Mistral's formats are defined by tokens rather than
 * by text, so each has an encoder of its own; they hold for SentencePiece and tekken vocabularies
 * alike.
 *
 * @see <a href="https://github.com/mistralai/mistral-common">mistral-common</a>
 */
public enum PromptFormat {
  /** The chat template in the weights' own file. */
  TEMPLATE,
  /** Mistral 7B v0.1 and v0.2, Mixtral 8x7B: marks are ordinary text, no tools. */
  MISTRAL_V1,
  /** Marks are control tokens; tools before the last turn, the latest calls only. */
  MISTRAL_V2,
  /** Mistral 7B v0.3, Mixtral 8x22B, Nemo: calls have ids and stay in the history. */
  MISTRAL_V3,
  /** Mistral Large 2411, Small 2501: the system prompt has marks of its own. */
  MISTRAL_V7;

  private static final String TEMPLATE_KEY = "tokenizer.chat_template";

  /** Marks of Mistral's formats after v7, which models with such templates are left to. */
  private static final List<String> LATER_MARKS =
      List.of("[ARGS]", "[CALL_ID]", "[THINK]", "[MODEL_SETTINGS]");

  /** The format for a file, by its vocabulary and what its own template writes. */
  public static PromptFormat detect(GgufMetadata metadata, Tokenizer tokenizer) {
    Optional<String> template = metadata.findString(TEMPLATE_KEY);
    boolean hasMarks = tokenizer.controlToken("[INST]").isPresent();
    // The first files of Mistral 7B and Mixtral carry no template; SentencePiece tells them.
    String text = template.orElse(hasMarks || tokenizer.addsBlank() ? "[INST]" : "");
    if (!text.contains("[INST]") || LATER_MARKS.stream().anyMatch(text::contains)) {
      return TEMPLATE;
    }
    if (!hasMarks) {
      boolean isLlama2 = text.contains("<<SYS>>");
      return tokenizer.addsBlank() && !isLlama2 ? MISTRAL_V1 : TEMPLATE;
    }
    boolean hasSystemMarks =
        tokenizer.controlToken("[SYSTEM_PROMPT]").isPresent()
            && tokenizer.controlToken("[TOOL_CONTENT]").isPresent();
    boolean writesSystemMarks = template.isEmpty() || text.contains("[SYSTEM_PROMPT]");
    return hasSystemMarks && writesSystemMarks ? MISTRAL_V7 : MISTRAL_V3;
  }

  /**
   * The encoder of this format for a file.
   *
   * @throws TemplateException if the file lacks a template or the format's control tokens
   */
  public PromptEncoder encoder(GgufMetadata metadata, Tokenizer tokenizer) {
    return switch (this) {
      case TEMPLATE -> new TemplatePromptEncoder(tokenizer, ChatTemplate.fromGguf(metadata));
      case MISTRAL_V1, MISTRAL_V2, MISTRAL_V3, MISTRAL_V7 ->
          new MistralPromptEncoder(tokenizer, this);
    };
  }
}
