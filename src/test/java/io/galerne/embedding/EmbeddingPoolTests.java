package io.galerne.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EmbeddingPoolTests {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ScriptedEmbedding model = new ScriptedEmbedding();
  private final AtomicInteger loads = new AtomicInteger();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final EmbeddingPool pool =
      new EmbeddingPool(
          () -> {
            loads.incrementAndGet();
            return model;
          },
          1,
          2);

  @AfterEach
  void close() {
    gate.countDown();
    pool.close();
  }

  private EmbeddingJob take(Duration timeMax) {
    return ((EmbeddingPool.Turn.Taken) pool.take(timeMax)).job();
  }

  @Test
  void loadsTheModelOnceAndWhenItIsNeeded() throws Exception {
    assertThat(loads).hasValue(0);
    try (EmbeddingJob job = take(LONG)) {
      assertThat(job.vector(new int[3])).hasSize(ScriptedEmbedding.DIMENSIONS);
      assertThat(job.vector(new int[4])).hasSize(ScriptedEmbedding.DIMENSIONS);
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void aThirdRequestFindsTheTwoPlacesTaken() {
    EmbeddingJob first = take(LONG);
    EmbeddingJob second = take(LONG);

    assertThat(pool.take(LONG)).isEqualTo(new EmbeddingPool.Turn.Full(2));
    second.close();
    second.close(); // gives one place back, not two
    EmbeddingJob third = take(LONG);
    assertThat(pool.take(LONG)).isEqualTo(new EmbeddingPool.Turn.Full(2));
    first.close();
    third.close();
  }

  /** Two requests of three texts, both there before the first text is done. */
  @Test
  void requestsTakeTurnsTextByText() throws Exception {
    int texts = 6;
    model.script(
        vector -> {
          gateOpens();
          // a text takes longer than a client needs to hand in its next one
          if (model.computed().size() < texts - 1) {
            awaitQueued(1);
          }
          return vector;
        });
    try (var clients = Executors.newVirtualThreadPerTaskExecutor();
        EmbeddingJob first = take(LONG);
        EmbeddingJob second = take(LONG)) {
      first.model();
      Future<?> long3 = clients.submit(() -> vectors(first, 1, 2, 3));
      awaitQueued(0);
      Future<?> short3 = clients.submit(() -> vectors(second, 11, 12, 13));
      awaitQueued(1);
      gate.countDown();
      long3.get();
      short3.get();
    }
    assertThat(model.computed().subList(0, 4)).containsExactly(1, 11, 2, 12);
    assertThat(model.computed()).hasSize(texts);
  }

  /**
   * Texts of a batch are there first, and the text that somebody waits for is next all the same.
   */
  @Test
  void whoIsWaitedForGoesFirst() throws Exception {
    model.waitFor(gate);
    try (var clients = Executors.newVirtualThreadPerTaskExecutor();
        EmbeddingJob running = take(LONG);
        EmbeddingJob batch = later();
        EmbeddingJob another = later();
        EmbeddingJob person = take(LONG)) {
      running.model();
      Future<?> first = clients.submit(() -> vectors(running, 1));
      awaitQueued(0);
      Future<?> idle = clients.submit(() -> vectors(batch, 11, 12));
      awaitQueued(1);
      Future<?> idleToo = clients.submit(() -> vectors(another, 21));
      awaitQueued(2);
      Future<?> waitedFor = clients.submit(() -> vectors(person, 2, 3));
      awaitQueued(3);
      gate.countDown();
      for (Future<?> each : List.of(first, idle, idleToo, waitedFor)) {
        each.get();
      }
    }
    assertThat(model.computed().subList(0, 2)).containsExactly(1, 2);
    assertThat(model.computed()).containsSubsequence(2, 11, 12).containsSubsequence(11, 21);
    assertThat(model.computed()).hasSize(6);
  }

  /** A batch can fill its own places and no others. */
  @Test
  void placesAreOfOneUrgencyEach() {
    try (EmbeddingJob _ = later();
        EmbeddingJob _ = later();
        EmbeddingJob _ = take(LONG)) {
      assertThat(pool.take(LONG, Urgency.LATER)).isEqualTo(new EmbeddingPool.Turn.Full(2));
    }
  }

  private EmbeddingJob later() {
    return ((EmbeddingPool.Turn.Taken) pool.take(LONG, Urgency.LATER)).job();
  }

  private void gateOpens() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new EmbeddingException("interrupted", e);
    }
  }

  private void awaitQueued(int texts) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!(model.started() > 0 && pool.queued() == texts)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static List<float[]> vectors(EmbeddingJob job, int... lengths) throws Exception {
    List<float[]> vectors = new ArrayList<>();
    for (int length : lengths) {
      vectors.add(job.vector(new int[length]));
    }
    return vectors;
  }

  @Test
  void aRequestWhoseTimeIsOutLeavesTheQueue() throws Exception {
    model.waitFor(gate);
    try (var clients = Executors.newVirtualThreadPerTaskExecutor();
        EmbeddingJob patient = take(LONG);
        EmbeddingJob hasty = take(Duration.ofMillis(300))) {
      patient.model();
      Future<float[]> kept = clients.submit(() -> patient.vector(new int[1]));
      awaitQueued(0);
      assertThatThrownBy(() -> hasty.vector(new int[2])).isInstanceOf(TimeoutException.class);
      assertThat(pool.queued()).isZero();
      gate.countDown();
      assertThat(kept.get()).hasSize(ScriptedEmbedding.DIMENSIONS);
      assertThatThrownBy(() -> hasty.vector(new int[2])).isInstanceOf(TimeoutException.class);
    }
    assertThat(model.computed()).containsExactly(1);
  }

  @Test
  void aFailureReachesItsRequestAndNoOther() throws Exception {
    try (EmbeddingJob job = take(LONG)) {
      model.script(
          _ -> {
            throw new EmbeddingException("planned");
          });
      assertThatThrownBy(() -> job.vector(new int[1]))
          .isInstanceOf(EmbeddingException.class)
          .hasMessage("planned");
      model.reset();
      assertThat(job.vector(new int[1])).hasSize(ScriptedEmbedding.DIMENSIONS);
    }
  }

  @Test
  void loadsAgainAfterAFailure() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    try (EmbeddingPool flaky =
            new EmbeddingPool(
                () -> {
                  if (tries.incrementAndGet() == 1) {
                    throw new EmbeddingException("no space left");
                  }
                  return model;
                },
                1,
                1);
        EmbeddingJob job = ((EmbeddingPool.Turn.Taken) flaky.take(LONG)).job()) {
      assertThatThrownBy(job::model)
          .isInstanceOf(EmbeddingException.class)
          .hasMessage("no space left");
      assertThat(job.model()).isSameAs(model);
    }
    assertThat(tries).hasValue(2);
  }

  @Test
  void waitsForALoadNoLongerThanARequestMay() {
    try (EmbeddingPool slow =
            new EmbeddingPool(
                () -> {
                  CompletableFuture<EmbeddingModel> loaded = new CompletableFuture<>();
                  loaded.completeOnTimeout(model, 1, TimeUnit.SECONDS);
                  return loaded.join();
                },
                1,
                1);
        EmbeddingJob job = ((EmbeddingPool.Turn.Taken) slow.take(Duration.ofMillis(50))).job()) {
      assertThatThrownBy(job::model).isInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void closingEndsWhatWaitsAndFreesTheModel() throws Exception {
    model.waitFor(gate);
    try (var clients = Executors.newVirtualThreadPerTaskExecutor();
        EmbeddingJob running = take(LONG);
        EmbeddingJob waiting = take(LONG)) {
      running.model();
      Future<float[]> first = clients.submit(() -> running.vector(new int[1]));
      awaitQueued(0);
      Future<float[]> second = clients.submit(() -> waiting.vector(new int[2]));
      awaitQueued(1);
      assertThat(model.isClosed()).isFalse();
      pool.close(); // interrupts the script, which fails
      assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class);
      assertThatThrownBy(second::get).hasCauseInstanceOf(EmbeddingException.class);
    }
    assertThat(model.isClosed()).isTrue();
    assertThat(pool.take(LONG)).isEqualTo(new EmbeddingPool.Turn.Closed());
  }
}
