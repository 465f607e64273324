package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a workload step by step with a fake model and a fake clock, as the engine's loop would, and
 * checks every invariant after every step.
 *
 * @see Invariants
 */
final class Simulation {
  private static final long STEP_NANOS = 1_000;

  /** What a run did, for the report. */
  record Outcome(
      long steps, long preemptions, long cachedTokens, int promoted, double unfairness) {}

  private final Workload workload;
  private final Fault fault;
  private final BlockManager blocks;
  private final Scheduler scheduler;
  private final FakeModel model;
  private final Invariants invariants;
  private final Map<Priority, FairnessWatch> fairness = new EnumMap<>(Priority.class);
  private final Map<Sequence, Simulated> live = new HashMap<>();
  private final List<Sequence> ending = new ArrayList<>();
  private int promoted;

  private Simulation(Workload workload, Fault fault) {
    this.workload = workload;
    this.fault = fault;
    this.blocks = fault.blocks(workload.blocks(), workload.window());
    int idleKeys = workload.limits().idleKeysMax();
    this.scheduler =
        new Scheduler(
            workload.limits(),
            blocks,
            fault.counter(idleKeys),
            fault.counter(idleKeys),
            fault.batchYields());
    this.model = new FakeModel(workload.blocks(), workload.window());
    this.invariants = new Invariants(workload, scheduler, blocks, live);
    for (Priority priority : Priority.values()) {
      fairness.put(priority, new FairnessWatch(workload));
    }
  }

  /** The time on the fake clock at a step. */
  static long nanos(long step) {
    return step * STEP_NANOS;
  }

  static Outcome run(Workload workload, Fault fault) {
    return new Simulation(workload, fault).run();
  }

  private Outcome run() {
    // Whoever leads advances in every step; the rest is what being sent back may cost.
    long stepsMax = 4 * workload.tokens() + 1_000;
    long step = 0;
    int arrived = 0;
    List<Workload.Request> requests = workload.requests();
    while (arrived < requests.size() || !scheduler.isIdle()) {
      if (scheduler.isIdle()) {
        step = Math.max(step, requests.get(arrived).arrivalStep());
        stepsMax += step;
      }
      while (arrived < requests.size() && requests.get(arrived).arrivalStep() <= step) {
        Simulated simulated = new Simulated(requests.get(arrived++));
        live.put(simulated.sequence, simulated);
        scheduler.add(simulated.sequence);
      }
      endDue(step);
      if (!scheduler.isIdle()) {
        step();
      }
      step++;
      Broken.unless(
          step < stepsMax, "starvation", "requests are left after %d steps".formatted(step));
    }
    Broken.unless(blocks.used() == 0, "blocks", "used by nobody");
    double unfairness =
        fairness.values().stream().mapToDouble(FairnessWatch::worst).max().orElse(0);
    return new Outcome(
        step, scheduler.preemptions(), scheduler.cachedTokens(), promoted, unfairness);
  }

  private void endDue(long step) {
    ending.clear();
    for (int i = 0; i < scheduler.size(); i++) {
      Sequence sequence = scheduler.get(i);
      Long cancel = simulated(sequence).request.cancelStep();
      if ((cancel != null && cancel <= step) || sequence.terms().expired(nanos(step))) {
        ending.add(sequence);
      }
    }
    ending.forEach(this::end);
  }

  private void step() {
    invariants.beforeStep();
    ScheduledStep planned = scheduler.schedule();
    fault.tamper(planned);
    invariants.planned(planned);
    List<@Nullable Integer> drawn = new ArrayList<>();
    for (int i = 0; i < planned.size(); i++) {
      Simulated simulated = simulated(planned.sequence(i));
      drawn.add(model.compute(simulated, planned.tokens(i)));
      account(simulated, planned.tokens(i), drawn.getLast() != null);
    }
    scheduler.complete();
    invariants.afterStep();
    for (int i = 0; i < planned.size(); i++) {
      Integer token = drawn.get(i);
      if (token != null) {
        accept(simulated(planned.sequence(i)), token);
      }
    }
    invariants.afterStep();
    checkFairness();
  }

  /** The service as seen from outside: what is computed for the first time. */
  private void account(Simulated simulated, int tokens, boolean answers) {
    Sequence sequence = simulated.sequence;
    int until = Math.min(sequence.computed() + tokens, sequence.promptLength());
    int fresh = Math.max(0, until - Math.max(simulated.promptDone, sequence.computed()));
    simulated.promptDone = Math.max(simulated.promptDone, until);
    double cost =
        fresh * VirtualTokenCounter.PROMPT_COST + (answers ? VirtualTokenCounter.ANSWER_COST : 0);
    fairnessOf(sequence.terms().priority()).serve(sequence.terms(), cost);
  }

  private void accept(Simulated simulated, int token) {
    Broken.unless(token == model.next(simulated), "answer", "differs from the answer alone");
    Sequence sequence = simulated.sequence;
    if (token < 0) {
      end(sequence);
      return;
    }
    sequence.append(token);
    if (sequence.generated() >= simulated.request.answerTokensMax()) {
      end(sequence);
    }
  }

  private void end(Sequence sequence) {
    promoted += sequence.state.promoted ? 1 : 0;
    scheduler.remove(sequence);
    live.remove(sequence);
  }

  private void checkFairness() {
    for (Priority priority : Priority.values()) {
      Map<String, Double> waiting = new HashMap<>();
      for (int i = 0; i < scheduler.size(); i++) {
        Sequence sequence = scheduler.get(i);
        ServiceTerms terms = sequence.terms();
        if (!sequence.state.running && terms.priority() == priority) {
          waiting.put(terms.key(), terms.weight());
        }
      }
      fairnessOf(priority).check(waiting);
    }
  }

  private FairnessWatch fairnessOf(Priority priority) {
    FairnessWatch watch = fairness.get(priority);
    if (watch == null) {
      throw new AssertionError(priority);
    }
    return watch;
  }

  private Simulated simulated(Sequence sequence) {
    Simulated simulated = live.get(sequence);
    if (simulated == null) {
      throw new AssertionError("a sequence that has ended");
    }
    return simulated;
  }
}
