package io.galerne.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets how much, and when, under contention. */
class SchedulerFairnessTests {
  private static final SchedulerLimits LIMITS = new SchedulerLimits(8, 64, 32);

  /** A thousand requests at once against somebody who always has a few waiting. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "2, 1", "1, 0.5"})
  void keysThatWaitAreServedByWeight(double floodWeight, double otherWeight) {
    var desk = new Desk(LIMITS, 400, 0);
    Random random = new Random(1);
    var flood = new ServiceTerms("flood", floodWeight, Priority.INTERACTIVE, null);
    var other = new ServiceTerms("other", otherWeight, Priority.INTERACTIVE, null);
    for (int i = 0; i < 1_000; i++) {
      desk.add(flood, 1 + random.nextInt(100), 1 + random.nextInt(60));
    }
    for (int i = 0; i < 50; i++) {
      desk.step();
    }
    desk.service.clear();
    for (int i = 0; i < 800; i++) {
      desk.add(other, 1 + random.nextInt(100), 1 + random.nextInt(60));
    }
    for (int i = 0; i < 2_500; i++) {
      desk.step();
    }
    double ratio =
        desk.service.getOrDefault("other", 0.0) / desk.service.getOrDefault("flood", 1.0);
    for (String key : List.of("flood", "other")) {
      assertThat(waiting(desk, key)).as(key).isPositive();
    }
    assertThat(ratio / (otherWeight / floodWeight)).isCloseTo(1, within(0.03));
  }

  /** However many one key sends, another's one request has the next seat. */
  @Test
  void aSingleRequestIsNotBuriedUnderAFlood() {
    var desk = new Desk(LIMITS, 400, 0);
    for (int i = 0; i < 1_000; i++) {
      desk.add(ServiceTerms.of("flood"), 30, 40);
    }
    for (int i = 0; i < 300; i++) {
      desk.step();
    }
    int before = desk.ended.size();
    Sequence single = desk.add(ServiceTerms.of("single"), 30, 40);
    int steps = 0;
    while (single.generated() == 0) {
      desk.step();
      steps++;
    }
    assertThat(steps).isLessThan(60);
    assertThat(desk.ended.size() - before).as("seats given before").isLessThanOrEqualTo(8);
  }

  @Test
  void aKeyAloneHasEverything() {
    var desk = new Desk(LIMITS, 400, 0);
    for (int i = 0; i < 8; i++) {
      desk.add(new ServiceTerms("light", 0.01, Priority.BATCH, null), 16, 10);
    }
    desk.step();
    assertThat(desk.scheduler.running()).isEqualTo(4);
    for (int i = 0; i < 4; i++) {
      desk.step();
    }
    assertThat(desk.scheduler.running()).isEqualTo(8);
  }

  @Test
  void promptsOfSeveralKeysAreReadSideBySide() {
    var desk = new Desk(LIMITS, 400, 0);
    Sequence first = desk.add(ServiceTerms.of("a"), 600, 1);
    Sequence second = desk.add(ServiceTerms.of("b"), 600, 1);
    for (int i = 0; i < 9; i++) {
      desk.step();
      assertThat(Math.abs(first.computed() - second.computed())).isLessThanOrEqualTo(Desk.BLOCK);
    }
    assertThat(first.computed() + second.computed()).isEqualTo(9 * 64);
  }

  @Test
  void promptsStartBeforeTheyFitAndStillEnd() {
    var desk = new Desk(LIMITS, 50, 0);
    List<Sequence> long2 =
        List.of(desk.add(ServiceTerms.of("a"), 600, 20), desk.add(ServiceTerms.of("b"), 600, 20));
    desk.step();
    assertThat(desk.scheduler.running()).isEqualTo(2);
    desk.run();
    assertThat(desk.ended).containsAll(long2);
  }

  @Test
  void answersBeyondTheStepTakeTurns() {
    var desk = new Desk(new SchedulerLimits(12, 6, 2), 400, 0);
    List<Sequence> all =
        IntStream.range(0, 12)
            .mapToObj(i -> desk.add(ServiceTerms.of("key-" + i % 3), 1, 500))
            .toList();
    for (int i = 0; i < 600; i++) {
      desk.step();
    }
    int least = all.stream().mapToInt(Sequence::generated).min().orElseThrow();
    int most = all.stream().mapToInt(Sequence::generated).max().orElseThrow();
    assertThat(least).isGreaterThan(200);
    assertThat(most - least).isLessThan(15);
  }

  @Test
  void batchTakesWhatIsLeftAndGivesItBack() {
    var desk = new Desk(new SchedulerLimits(2, 64, 32), 400, 0);
    var batch = new ServiceTerms("batch", 1, Priority.BATCH, null);
    desk.add(batch, 20, 500);
    desk.add(batch, 20, 500);
    desk.step();
    assertThat(desk.scheduler.running()).isEqualTo(2);
    Sequence interactive = desk.add(ServiceTerms.of("person"), 20, 10);
    desk.step();
    assertThat(interactive.generated()).isEqualTo(1);
    assertThat(desk.scheduler.waiting()).as("the later batch request gave way").isEqualTo(1);
  }

  /** A step that somebody waits for is as long as one more answer makes it, not as eight do. */
  @Test
  void oneBatchRequestDecodesBesideSomebodyWhoWaits() {
    var desk = new Desk(new SchedulerLimits(16, 64, 32), 400, 0);
    var batch = new ServiceTerms("batch", 1, Priority.BATCH, null);
    List<Sequence> many = IntStream.range(0, 8).mapToObj(_ -> desk.add(batch, 4, 400)).toList();
    for (int i = 0; i < 10; i++) {
      desk.step();
    }
    assertThat(many).allMatch(sequence -> sequence.generated() > 5);
    Sequence person = desk.add(ServiceTerms.of("person"), 20, 64);
    desk.add(batch, 20, 400);
    int before = many.stream().mapToInt(Sequence::generated).sum();
    int steps = 0;
    for (; person.generated() < 64; steps++) {
      desk.step();
    }
    int gained = many.stream().mapToInt(Sequence::generated).sum() - before;
    assertThat(gained).isEqualTo(steps);
    assertThat(desk.scheduler.waiting()).as("another batch prompt waits").isEqualTo(1);
    desk.step();
    desk.step();
    assertThat(desk.scheduler.waiting()).isZero();
    assertThat(many.stream().mapToInt(Sequence::generated).sum() - before - gained).isEqualTo(16);
  }

  /** Interactive requests without end: batch requests end nevertheless, one after the other. */
  @Test
  void batchNeverWaitsForever() {
    int patience = 50;
    var desk = new Desk(new SchedulerLimits(2, 32, 16, patience, 8), 400, 0);
    var batch = new ServiceTerms("batch", 1, Priority.BATCH, null);
    for (int i = 0; i < 3; i++) {
      desk.add(batch, 20, 10);
    }
    for (int i = 0; i < 3 * (patience + 60); i++) {
      while (desk.scheduler.waiting() < 6) {
        desk.add(ServiceTerms.of("person-" + i % 2), 20, 20);
      }
      desk.step();
    }
    assertThat(desk.ended.stream().filter(sequence -> sequence.terms().equals(batch))).hasSize(3);
    assertThat(desk.ended.stream().filter(sequence -> !sequence.terms().equals(batch)).count())
        .isGreaterThan(10);
  }

  @Test
  void whoGivesWayIsTheMostOverServedOfTheLowestClass() {
    var desk = new Desk(new SchedulerLimits(4, 64, 64), 9, 0);
    var batch = new ServiceTerms("batch", 1, Priority.BATCH, null);
    Sequence low = desk.add(batch, 32, 40);
    desk.step();
    Sequence first = desk.add(ServiceTerms.of("a"), 32, 40);
    Sequence light = desk.add(new ServiceTerms("b", 10, Priority.INTERACTIVE, null), 32, 40);
    while (desk.scheduler.preemptions() == 0) {
      desk.step();
    }
    assertThat(low.computed()).as("batch first").isZero();
    while (desk.scheduler.preemptions() == 1) {
      desk.step();
    }
    assertThat(first.computed()).as("the earliest never gives way").isPositive();
    assertThat(light.computed()).isZero();
    desk.run();
    assertThat(desk.ended).hasSize(3);
    assertThat(desk.ended).allMatch(sequence -> sequence.generated() == 40);
  }

  private static int waiting(Desk desk, String key) {
    return desk.scheduler.keys().stream()
        .filter(statistics -> statistics.key().equals(key))
        .mapToInt(KeyStatistics::waiting)
        .sum();
  }
}
