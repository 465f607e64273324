package io.galerne.engine;

import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.scheduler.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Records all logits' bits, as a digest for each draw, and the tokens drawn, by fairness key. */
final class LogitsRecorder implements EngineProbe {
  private static final int VOCABULARY = 259;

  /**
   * @param logits a digest of the logits' bits for each token drawn
   * @param tokens the prompt and all tokens but the last one drawn
   */
  record Recorded(List<Long> logits, List<Integer> tokens) {}

  private final UnaryOperator<Kernels> kernels;
  private final Map<String, Recorded> recorded = new ConcurrentHashMap<>();

  LogitsRecorder(UnaryOperator<Kernels> kernels) {
    this.kernels = kernels;
  }

  @Override
  public Kernels kernels(Kernels chosen) {
    return kernels.apply(chosen);
  }

  @Override
  public void logits(Sequence sequence, float[] logits, int offset) {
    long digest = 17;
    for (int i = 0; i < VOCABULARY; i++) {
      digest = digest * 0x9E3779B97F4A7C15L + Float.floatToRawIntBits(logits[offset + i]);
    }
    Recorded of =
        recorded.computeIfAbsent(
            sequence.terms().key(), _ -> new Recorded(new ArrayList<>(), new ArrayList<>()));
    of.logits().add(digest);
    while (of.tokens().size() < sequence.length()) {
      of.tokens().add(sequence.token(of.tokens().size()));
    }
  }

  Recorded of(String key) {
    return recorded.getOrDefault(key, new Recorded(List.of(), List.of()));
  }

  void clear() {
    recorded.clear();
  }
}
