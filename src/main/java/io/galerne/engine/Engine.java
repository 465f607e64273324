package io.galerne.engine;

import io.galerne.engine.template.ChatMessage;
import java.util.List;

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
   * The prompt for a conversation by the model's own chat template. Text of the messages never
   * becomes a control token.
   *
   * @throws io.galerne.engine.template.TemplateException if the template refuses the conversation
   */
  int[] prompt(List<ChatMessage> messages);

  Submission submit(GenerationRequest request);

  EngineStatistics statistics();

  /** Ends running generations and frees the weights. */
  @Override
  void close();
}
