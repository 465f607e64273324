package io.galerne.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplayTurnsTests {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final UUID ONE = UUID.randomUUID();
  private static final UUID OTHER = UUID.randomUUID();

  private final ReplayTurns turns = new ReplayTurns();

  @Test
  void aTenantHasOneAtATime() throws InterruptedException {
    try (ReplayTurns.Turn first = turns.take(ONE, Duration.ZERO).orElseThrow()) {
      assertThat(first).isNotNull();
      assertThat(turns.take(ONE, LONG)).as("told at once").isEmpty();
    }
    assertThat(turns.take(ONE, Duration.ZERO)).isPresent();
  }

  @Test
  void anotherTenantWaitsAndThenHasItsTurn() throws Exception {
    ReplayTurns.Turn first = turns.take(ONE, Duration.ZERO).orElseThrow();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<ReplayTurns.Turn>> waiting = executor.submit(() -> turns.take(OTHER, LONG));
      first.close();
      assertThat(waiting.get(LONG.toSeconds(), TimeUnit.SECONDS)).isPresent();
    }
  }

  @Test
  void whoWaitedInVainMayAskAgain() throws InterruptedException {
    ReplayTurns.Turn first = turns.take(ONE, Duration.ZERO).orElseThrow();
    assertThat(turns.take(OTHER, Duration.ofMillis(1))).isEmpty();
    first.close();
    assertThat(turns.take(OTHER, Duration.ZERO)).isPresent();
  }
}
