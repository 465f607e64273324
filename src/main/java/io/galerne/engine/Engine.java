package io.galerne.engine;

import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.ToolCallFormat;

/** One set of weights, loaded and serving. Safe for many threads. */
public interface Engine extends AutoCloseable {
  /**
   * Loads a GGUF file and starts serving it.
   *
   * @throws WeightsException naming the field that makes the file unusable
   */
  static Engine load(EngineSettings settings, LoadListener listener) {
    return LocalEngine.load(settings, listener);
  }

  /** What is loaded. */
  ModelProfile profile();

  /**
   * The prompt for a conversation in the model's own format. Text of the request never becomes a
   * control token.
   *
   * @throws io.galerne.engine.template.TemplateException if the format can't express it
   */
  int[] prompt(PromptRequest request);

  /** How answers to prompts with tools call them. */
  ToolCallFormat toolCallFormat();

  Submission submit(GenerationRequest request);

  EngineStatistics statistics();

  /** Ends running generations and frees the weights. */
  @Override
  void close();
}
