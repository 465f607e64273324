package io.galerne.engine.scheduler;

import io.galerne.engine.sampling.SamplingParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A scheduler whose every sequence answers until it has as many tokens as it asked for. */
final class Desk {
  static final int BLOCK = 16;

  final Scheduler scheduler;
  final BlockManager blocks;
  final Map<String, Double> service = new HashMap<>();
  final List<Sequence> ended = new ArrayList<>();

  Desk(SchedulerLimits limits, int blockCount, int window) {
    this.blocks = new BlockManager(blockCount, BLOCK, window);
    this.scheduler = new Scheduler(limits, blocks);
  }

  Sequence add(ServiceTerms terms, int promptTokens, int answerTokens) {
    return add(terms, new int[promptTokens], answerTokens, CacheScope.NONE);
  }

  Sequence add(ServiceTerms terms, int[] prompt, int answerTokens, CacheScope scope) {
    var sequence =
        new Sequence(prompt, new SamplingParams(0, 1, 0, answerTokens, List.of()), terms, scope);
    scheduler.add(sequence);
    return sequence;
  }

  void step() {
    ScheduledStep step = scheduler.schedule();
    int[] tokens = new int[step.size()];
    Arrays.setAll(tokens, step::tokens);
    for (int i = 0; i < step.size(); i++) {
      Sequence sequence = step.sequence(i);
      int from = Math.min(sequence.computed(), sequence.promptLength());
      int to = Math.min(sequence.computed() + tokens[i], sequence.promptLength());
      boolean draws = tokens[i] == sequence.pending();
      double cost = (to - from) + (draws ? 2 : 0);
      service.merge(sequence.terms().key(), cost, Double::sum);
    }
    scheduler.complete();
    for (int i = 0; i < step.size(); i++) {
      Sequence sequence = step.sequence(i);
      if (sequence.pending() == 0) {
        sequence.append(7);
        if (sequence.generated() == sequence.sampling().maxTokens()) {
          scheduler.remove(sequence);
          ended.add(sequence);
        }
      }
    }
  }

  void run() {
    while (!scheduler.isIdle()) {
      step();
    }
  }
}
