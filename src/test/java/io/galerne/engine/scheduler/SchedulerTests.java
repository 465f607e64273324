package io.galerne.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.sampling.SamplingParams;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
      assertThat(step.sequence(0)).isSameAs(first);
      chunks.add(step.tokens(step.size() - 1));
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

  /** Plans a step and does what the engine would: everything planned is then in the cache. */
  private static ScheduledStep run(Scheduler scheduler) {
    ScheduledStep step = scheduler.schedule();
    scheduler.complete();
    return step;
  }

  private static List<Integer> tokens(ScheduledStep step) {
    return IntStream.range(0, step.size()).mapToObj(step::tokens).toList();
  }

  private static Scheduler scheduler(int sequences, int tokens, int beside, int blocks) {
    return new Scheduler(
        new SchedulerLimits(sequences, tokens, beside), new BlockManager(blocks, BLOCK, 0));
  }

  private static Sequence sequence(int promptTokens) {
    return new Sequence(new int[promptTokens], new SamplingParams(0, 1, 0, 1_000, List.of()));
  }
}
