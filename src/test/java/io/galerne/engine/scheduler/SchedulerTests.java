package io.galerne.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.sampling.SamplingParams;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulerTests {
  private static final int BLOCK = 16;

  @Test
  void aLongPromptIsCutIntoChunksThatLeaveDecodersTheirTurn() {
    var scheduler = scheduler(4, 64, 8, 100);
    Sequence first = sequence(10);
    Sequence second = sequence(100);
    scheduler.add(first);
    assertThat(tokens(run(scheduler))).containsExactly(10);
    first.append(1);
    scheduler.add(second);
    List<Integer> chunks = new ArrayList<>();
    while (second.pending() > 0) {
      ScheduledStep step = run(scheduler);
      assertThat(step.parts().getFirst().sequence()).isSameAs(first);
      chunks.add(step.parts().getLast().tokens());
      first.append(1);
    }
    assertThat(chunks).startsWith(8, 8).endsWith(4).hasSize(13);
  }

  @Test
  void promptsAloneTakeTheWholeStep() {
    var scheduler = scheduler(4, 64, 8, 100);
    scheduler.add(sequence(50));
    scheduler.add(sequence(50));
    assertThat(tokens(run(scheduler))).containsExactly(50, 14);
  }

  @Test
  void nobodyStartsBeyondTheLimitOfSequences() {
    var scheduler = scheduler(2, 64, 8, 100);
    for (int i = 0; i < 3; i++) {
      scheduler.add(sequence(4));
    }
    run(scheduler);
    assertThat(scheduler.running()).isEqualTo(2);
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  @Test
  void theLastToComeGivesWayWhenBlocksRunOut() {
    var scheduler = scheduler(4, 64, 64, 3);
    Sequence first = sequence(16);
    Sequence second = sequence(15);
    scheduler.add(first);
    scheduler.add(second);
    run(scheduler);
    assertThat(scheduler.running()).isEqualTo(2);
    for (int i = 0; i < 2; i++) {
      first.append(1);
      second.append(1);
      run(scheduler);
    }
    // Both want a second block, one is left.
    assertThat(scheduler.preemptions()).isEqualTo(1);
    assertThat(second.computed()).isZero();
    assertThat(second.length()).isEqualTo(17);
    assertThat(scheduler.running()).isEqualTo(1);
  }

  /**
   * Random arrivals, ends and pressure: blocks are never shared or lost, and everybody finishes.
   */
  @Test
  void randomWorkloadsKeepTheAccount() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int blocks = 6 + random.nextInt(30);
      var manager = new BlockManager(blocks, BLOCK);
      var limits = new SchedulerLimits(1 + random.nextInt(6), 32, 1 + random.nextInt(20));
      var scheduler = new Scheduler(limits, manager);
      int left = 30;
      for (int i = 0; i < left; i++) {
        scheduler.add(sequence(1 + random.nextInt(blocks * BLOCK / 2)));
      }
      for (int step = 0; !scheduler.isIdle(); step++) {
        assertThat(step).as("steps of workload %d", seed).isLessThan(50_000);
        ScheduledStep planned = run(scheduler);
        assertThat(planned.parts()).as("progress of workload %d", seed).isNotEmpty();
        assertThat(tokens(planned).stream().mapToInt(i -> i).sum()).isLessThanOrEqualTo(32);
        assertOwnedOnce(scheduler, manager);
        for (ScheduledStep.Part part : planned.parts()) {
          Sequence sequence = part.sequence();
          if (sequence.pending() == 0) {
            boolean full = sequence.length() >= blocks * BLOCK;
            if (full || random.nextInt(12) == 0) {
              scheduler.remove(sequence);
            } else {
              sequence.append(1);
            }
          }
        }
      }
      assertThat(manager.used()).isZero();
    }
  }

  private static void assertOwnedOnce(Scheduler scheduler, BlockManager manager) {
    Set<Integer> owned = new HashSet<>();
    for (Sequence sequence : scheduler.sequences()) {
      for (int i = 0; i < sequence.blockCount(); i++) {
        assertThat(owned.add(sequence.blockTable()[i])).as("one owner").isTrue();
      }
      assertThat(sequence.blockCount() * BLOCK).isGreaterThanOrEqualTo(sequence.computed());
    }
    assertThat(owned).hasSize(manager.used());
  }

  /** Plans a step and does what the engine would: everything planned is then in the cache. */
  private static ScheduledStep run(Scheduler scheduler) {
    ScheduledStep step = scheduler.schedule();
    step.parts().forEach(part -> part.sequence().advance(part.tokens()));
    return step;
  }

  private static List<Integer> tokens(ScheduledStep step) {
    return step.parts().stream().map(ScheduledStep.Part::tokens).toList();
  }

  private static Scheduler scheduler(int sequences, int tokens, int beside, int blocks) {
    return new Scheduler(
        new SchedulerLimits(sequences, tokens, beside), new BlockManager(blocks, BLOCK));
  }

  private static Sequence sequence(int promptTokens) {
    return new Sequence(new int[promptTokens], new SamplingParams(0, 1, 0, 1_000, List.of()));
  }
}
