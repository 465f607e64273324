package io.galerne.engine;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.template.PromptEncoder;
import io.galerne.engine.template.PromptFormat;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.TemplateException;
import io.galerne.engine.template.ToolCallFormat;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Counts tokens as a model does whose weights are elsewhere. Immutable. */
public final class ModelVocabulary {
  private final Tokenizer tokenizer;
  private final PromptEncoder prompts;

  private ModelVocabulary(Tokenizer tokenizer, PromptEncoder prompts) {
    this.tokenizer = tokenizer;
    this.prompts = prompts;
  }

  /**
   * Reads the vocabulary and the chat template of a GGUF file; its tensors aren't looked at, and
   * need not be there.
   *
   * @param format null for the one that the file shows
   * @throws WeightsException naming the field that makes the file unusable
   */
  public static ModelVocabulary read(Path gguf, @Nullable PromptFormat format) {
    try (GgufFile file = GgufFile.open(gguf)) {
      Tokenizer tokenizer = Tokenizers.fromGguf(file.metadata());
      PromptFormat chosen =
          format != null ? format : PromptFormat.detect(file.metadata(), tokenizer);
      return new ModelVocabulary(tokenizer, chosen.encoder(file.metadata(), tokenizer));
    } catch (GgufException e) {
      throw new WeightsException(gguf, e);
    } catch (TemplateException e) {
      throw new WeightsException(gguf, e);
    }
  }

  /**
   * The prompt for a conversation.
   *
   * @throws TemplateException if the format can't express it
   */
  public int[] prompt(PromptRequest request) {
    return prompts.encode(request);
  }

  /** The tokens of a text of its own. */
  public int count(String text) {
    return text.isEmpty() ? 0 : tokenizer.encode(text).length;
  }

  public ToolCallFormat toolCallFormat() {
    return prompts.toolCallFormat();
  }

  public int size() {
    return tokenizer.vocabularySize();
  }
}
