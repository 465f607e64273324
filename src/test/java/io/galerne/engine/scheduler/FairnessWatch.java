package io.galerne.engine.scheduler;

import java.util.HashMap;
import java.util.Map;

/**
 * The bound of Sheng et al. (2024, theorem 4.4) on keys of a class that wait all the time: over any
 * span their service, by weight, differs by at most twice what the sequences in progress can cost.
 */
final class FairnessWatch {
  private record Pair(String one, String other) {}

  private static final class Span {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
  }

  private final Map<String, Double> service = new HashMap<>();
  private final Map<Pair, Span> spans = new HashMap<>();
  private final double inProgressMax;

  /** The widest gap seen, in parts of the bound. */
  private double worst;

  FairnessWatch(Workload workload) {
    int seats = workload.limits().sequencesMax();
    this.inProgressMax =
        seats
            * (VirtualTokenCounter.PROMPT_COST * workload.promptTokensMax()
                + VirtualTokenCounter.ANSWER_COST * workload.answerTokensMax());
  }

  void serve(ServiceTerms terms, double cost) {
    service.merge(terms.key(), cost / terms.weight(), Double::sum);
  }

  double worst() {
    return worst;
  }

  /**
   * Looks at the end of a step.
   *
   * @param waiting the weights of the keys that have requests waiting, those of this class only
   */
  void check(Map<String, Double> waiting) {
    spans
        .keySet()
        .removeIf(pair -> !waiting.containsKey(pair.one()) || !waiting.containsKey(pair.other()));
    for (String one : waiting.keySet()) {
      for (String other : waiting.keySet()) {
        if (one.compareTo(other) < 0) {
          check(one, other, Math.min(waiting.get(one), waiting.get(other)));
        }
      }
    }
  }

  private void check(String one, String other, double weight) {
    double gap = service.getOrDefault(one, 0.0) - service.getOrDefault(other, 0.0);
    Span span = spans.computeIfAbsent(new Pair(one, other), _ -> new Span());
    span.least = Math.min(span.least, gap);
    span.most = Math.max(span.most, gap);
    double bound = 2 * inProgressMax / weight;
    worst = Math.max(worst, (span.most - span.least) / bound);
    Broken.unless(
        span.most - span.least <= bound,
        "fairness",
        "%s and %s differ by %s, more than %s"
            .formatted(one, other, span.most - span.least, bound));
  }
}
