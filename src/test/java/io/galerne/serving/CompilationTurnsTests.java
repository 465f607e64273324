package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.serving.CompilationTurns.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompilationTurnsTests {
  private static final UUID ONE = UUID.randomUUID();
  private static final UUID OTHER = UUID.randomUUID();
  private static final UUID THIRD = UUID.randomUUID();

  @Test
  void aTenantThatHoldsItsPlacesLeavesOthersTheirs() throws Exception {
    CompilationTurns turns = turns(2, 1, Duration.ZERO);

    assertThat(turns.begin(ONE)).isEqualTo(Turn.TAKEN);
    assertThat(turns.begin(ONE)).isEqualTo(Turn.TENANT_BUSY);
    assertThat(turns.begin(OTHER)).isEqualTo(Turn.TAKEN);
    assertThat(turns.begin(THIRD)).isEqualTo(Turn.BUSY);
    turns.end(ONE);
    assertThat(turns.begin(THIRD)).isEqualTo(Turn.TAKEN);
    turns.end(OTHER);
    assertThat(turns.begin(ONE)).isEqualTo(Turn.TAKEN);
  }

  @Test
  void withoutABoundForEachOneTenantTakesAll() throws Exception {
    CompilationTurns turns = turns(2, 2, Duration.ZERO);

    assertThat(turns.begin(ONE)).isEqualTo(Turn.TAKEN);
    assertThat(turns.begin(ONE)).isEqualTo(Turn.TAKEN);
    assertThat(turns.begin(OTHER)).isEqualTo(Turn.BUSY);
  }

  @Test
  void whoWaitsGetsThePlaceThatIsGivenBack() throws Exception {
    CompilationTurns turns = turns(1, 1, Duration.ofSeconds(20));
    assertThat(turns.begin(ONE)).isEqualTo(Turn.TAKEN);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Turn> waiting =
          CompletableFuture.supplyAsync(() -> uninterrupted(turns, OTHER), threads);
      turns.end(ONE);
      assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(Turn.TAKEN);
    }
  }

  @Test
  void howManyWaitIsBoundedForEachTenantAndInAll() throws Exception {
    var bounds = new CompilationTurns.Bounds(1, 1, Duration.ofSeconds(20), 3, 2);
    CompilationTurns turns = new CompilationTurns(bounds);
    assertThat(turns.begin(ONE)).isEqualTo(Turn.TAKEN);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Turn>> waiting = new ArrayList<>();
      for (UUID tenant : List.of(ONE, ONE, OTHER)) {
        waiting.add(
            CompletableFuture.supplyAsync(
                () -> {
                  Turn turn = uninterrupted(turns, tenant);
                  turns.end(tenant);
                  return turn;
                },
                threads));
        awaitWaiting(turns, waiting.size());
        if (waiting.size() == 2) {
          assertThat(turns.begin(ONE)).isEqualTo(Turn.TENANT_QUEUE_FULL);
        }
      }
      assertThat(turns.begin(THIRD)).isEqualTo(Turn.QUEUE_FULL);
      turns.end(ONE);
      for (CompletableFuture<Turn> one : waiting) {
        assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(Turn.TAKEN);
      }
    }
    assertThat(turns.waiting()).isZero();
    assertThat(turns.begin(THIRD)).isEqualTo(Turn.TAKEN);
  }

  private static void awaitWaiting(CompilationTurns turns, int count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (turns.waiting() != count) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static CompilationTurns turns(int max, int perTenantMax, Duration waitMax) {
    return new CompilationTurns(
        new CompilationTurns.Bounds(max, perTenantMax, waitMax, 1000, 1000));
  }

  @Test
  void neverMoreThanTheBoundsRunAtOnce() throws Exception {
    CompilationTurns turns = turns(3, 1, Duration.ofSeconds(20));
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    UUID[] tenants = {ONE, OTHER, THIRD, UUID.randomUUID(), UUID.randomUUID()};
    CountDownLatch done = new CountDownLatch(500);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        UUID tenant = tenants[i % tenants.length];
        threads.execute(
            () -> {
              assertThat(uninterrupted(turns, tenant)).isEqualTo(Turn.TAKEN);
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.onSpinWait();
              running.decrementAndGet();
              turns.end(tenant);
              done.countDown();
            });
      }
      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(most.get()).isBetween(1, 3);
  }

  private static Turn uninterrupted(CompilationTurns turns, UUID tenant) {
    try {
      return turns.begin(tenant);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
