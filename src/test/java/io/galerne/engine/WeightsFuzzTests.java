package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.galerne.engine.gguf.GgufMutator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files damaged at random, loaded as a whole: each is refused by the name of a field, or answers.
 * The seed of a file that does neither is in the failure.
 */
class WeightsFuzzTests {
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final long ALLOCATED_MAX = 16 << 20;

  @TempDir Path folder;

  @Test
  void theCorpusIsHonest() throws IOException {
    for (byte[] file : FuzzCorpus.files()) {
      Path path = Files.write(folder.resolve("honest.gguf"), file);
      assertThat(Loading.of(path)).isInstanceOf(Loading.Loaded.class);
    }
  }

  @Test
  void twoThousandDamagedFiles() throws Exception {
    Tally tally = fuzz(0, 2_000);
    assertThat(tally.loaded).isBetween(200, 1_200);
    assertThat(tally.fields).hasSizeGreaterThan(50);
  }

  @Test
  @Tag("nightly")
  void aHundredThousandDamagedFiles() throws Exception {
    long start = System.nanoTime();
    Tally tally = fuzz(10_000, 100_000);
    System.out.printf(
        "%d loaded, %d refused by %d fields; most allocated %,d bytes; slowest %d ms; %d s%n",
        tally.loaded,
        tally.refused,
        tally.fields.size(),
        tally.allocatedMax,
        tally.slowest.toMillis(),
        Duration.ofNanos(System.nanoTime() - start).toSeconds());
    assertThat(tally.loaded).isPositive();
  }

  private static final class Tally {
    int loaded;
    int refused;
    long allocatedMax;
    Duration slowest = Duration.ZERO;
    final Map<String, Integer> fields = new TreeMap<>();
  }

  private Tally fuzz(int firstSeed, int count) throws Exception {
    List<byte[]> corpus = FuzzCorpus.files();
    Tally tally = new Tally();
    try (ExecutorService loader = Executors.newSingleThreadExecutor()) {
      for (int seed = firstSeed; seed < firstSeed + count; seed++) {
        byte[] file = new GgufMutator(corpus, seed).next();
        Path path = Files.write(folder.resolve("damaged.gguf"), file);
        long start = System.nanoTime();
        Loading.Outcome outcome = await(loader, loader.submit(() -> Loading.of(path)), seed);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        assertThat(outcome.allocatedBytes()).as("seed %d", seed).isLessThan(ALLOCATED_MAX);
        tally.allocatedMax = Math.max(tally.allocatedMax, outcome.allocatedBytes());
        tally.slowest = time.compareTo(tally.slowest) > 0 ? time : tally.slowest;
        switch (outcome) {
          case Loading.Loaded _ -> tally.loaded++;
          case Loading.Refused refused -> {
            tally.refused++;
            tally.fields.merge(refused.field(), 1, Integer::sum);
          }
        }
      }
    }
    return tally;
  }

  private static Loading.Outcome await(
      ExecutorService loader, Future<Loading.Outcome> loading, int seed)
      throws InterruptedException {
    try {
      return loading.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      loader.shutdownNow();
      return fail("seed %d takes longer than %s".formatted(seed, LONGEST), e);
    } catch (ExecutionException e) {
      return fail("seed %d: %s".formatted(seed, e.getCause()), e.getCause());
    }
  }
}
