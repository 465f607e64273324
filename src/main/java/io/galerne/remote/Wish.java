package io.galerne.remote;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import java.util.Optional;

/** What a backend can't be asked for. Better refused than left out in silence. */
final class Wish {
  private Wish() {}

  /** The name of the parameter that the backend doesn't know, if there is one. */
  static Optional<String> refused(Dialect dialect, SamplingParams sampling) {
    Adjustments wanted = sampling.adjustments();
    if (sampling.topLogprobs() != SamplingParams.NO_LOGPROBS) {
      return Optional.of("logprobs");
    }
    if (!wanted.bias().isEmpty()) {
      return Optional.of("logit_bias");
    }
    if (wanted.minTokens() > 0 && dialect != Dialect.VLLM) {
      return Optional.of("min_tokens");
    }
    if (dialect.samplesMore()) {
      return Optional.empty();
    }
    if (wanted.repetitionPenalty() != 1) {
      return Optional.of("repetition_penalty");
    }
    if (wanted.topK() > 0) {
      return Optional.of("top_k");
    }
    return wanted.minP() > 0 ? Optional.of("min_p") : Optional.empty();
  }

  /**
   * @throws GrammarException if the backend can't enforce the format
   */
  static void requireFormat(Dialect dialect, OutputFormat format) {
    boolean pattern = format instanceof OutputFormat.Regex || format instanceof OutputFormat.Choice;
    if (pattern && !dialect.knowsPatterns()) {
      throw new GrammarException(
          GrammarException.Kind.UNSUPPORTED, "", "", "the model's backend can't enforce it");
    }
  }
}
