package io.galerne.engine;

import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.ToolCallFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * The prompt for what belongs between two texts. They never become control tokens.
   *
   * @throws IllegalStateException where the profile says that the model doesn't do that
   */
  int[] fillInMiddle(String before, String behind);

  /**
   * What tokens read like, control tokens by their names; for people to look at, since several
   * texts can look the same. Empty where the tokens are another machine's business.
   */
  default Optional<String> readable(int[] tokens) {
    return Optional.empty();
  }

  /** How answers to prompts with tools call them. */
  ToolCallFormat toolCallFormat();

  /**
   * Makes a format something that answers of this engine can be held to. It is compiled on a thread
   * of the engine's and remembered for the namespace, so that asking again costs nothing there and
   * tells nothing elsewhere.
   *
   * @throws io.galerne.engine.grammar.bounds.GrammarException where the format can't be enforced in
   *     full, or costs too much; the pointer is a place in the schema, and for tools begins with
   *     {@code /tools/INDEX/parameters}
   */
  Constraint constrain(OutputFormat format, CacheNamespace owner);

  /** As {@link #constrain(OutputFormat, CacheNamespace)}, for formats that are nobody's secret. */
  default Constraint constrain(OutputFormat format) {
    return constrain(format, CacheNamespace.PUBLIC);
  }

  /** What {@link #constrain} made of the format before and remembers, or null. */
  @Nullable Constraint remembered(OutputFormat format, CacheNamespace owner);

  /** The wire name of a parameter that this engine can't honour, if the request has one. */
  default Optional<String> refusedParameter(SamplingParams sampling) {
    return Optional.empty();
  }

  /**
   * Takes a request.
   *
   * @throws IllegalArgumentException if its constraint is another engine's
   */
  Submission submit(GenerationRequest request);

  /**
   * What {@link #submit} would say now to a request on such terms because there is no place,
   * without a request having to be made; empty where there is one, or where that isn't known.
   */
  default Optional<Submission> refusal(ServiceTerms terms) {
    return Optional.empty();
  }

  EngineStatistics statistics();

  /** Ends running generations and frees the weights. */
  @Override
  void close();
}
