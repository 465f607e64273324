package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.scheduler.CacheNamespace;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConstraintCacheTests {
  private static final CacheNamespace ONE = CacheNamespace.random();
  private static final CacheNamespace OTHER = CacheNamespace.random();

  /** Of one of them, about: what compiling allocated differs a little from time to time. */
  private static final long SIZE = choice(0).bytes();

  private static Constraint choice(int number) {
    return ScriptedConstraints.of(format(number));
  }

  private static OutputFormat format(int number) {
    return new OutputFormat.Choice(List.of("choice number " + (1000 + number)));
  }

  private static long remembered(ConstraintCache cache, CacheNamespace owner) {
    return IntStream.range(0, 1000).filter(i -> cache.find(format(i), owner) != null).count();
  }

  @Test
  void whatOneCompiledIsUnknownToTheOther() {
    ConstraintCache cache = new ConstraintCache(100 * SIZE, 50 * SIZE);
    Constraint constraint = choice(1);
    cache.put(constraint, ONE);
    assertThat(cache.find(format(1), ONE)).isSameAs(constraint);
    assertThat(cache.find(format(1), OTHER)).isNull();
  }

  @Test
  void aNamespaceKeepsToItsShareAndForgetsWhatItUsedLeast() {
    ConstraintCache cache = new ConstraintCache(100 * SIZE, 10 * SIZE);
    cache.put(choice(0), ONE);
    for (int i = 1; i < 100; i++) {
      cache.put(choice(i), ONE);
      assertThat(cache.find(format(0), ONE)).isNotNull();
      assertThat(cache.bytes()).isLessThanOrEqualTo(10 * SIZE);
    }
    assertThat(remembered(cache, ONE)).isBetween(2L, 50L);
  }

  @Test
  void whoHasLittleLosesNothingToWhoHasMuch() {
    ConstraintCache cache = new ConstraintCache(20 * SIZE, 15 * SIZE);
    cache.put(choice(500), OTHER);
    fill(cache);
    assertThat(cache.find(format(500), OTHER)).isNotNull();
    assertThat(cache.bytes()).isLessThanOrEqualTo(20 * SIZE);
  }

  @Test
  void withoutNamespacesOneWouldPushOutTheOther() {
    ConstraintCache cache = new ConstraintCache(20 * SIZE, 20 * SIZE);
    cache.put(choice(500), ONE);
    fill(cache);
    assertThat(cache.find(format(500), ONE)).isNull();
  }

  private static void fill(ConstraintCache cache) {
    for (int i = 0; i < 100; i++) {
      cache.put(choice(i), ONE);
    }
  }

  @Test
  void manyNamespacesTogetherKeepToTheWhole() {
    ConstraintCache cache = new ConstraintCache(20 * SIZE, 10 * SIZE);
    for (int i = 0; i < 200; i++) {
      cache.put(choice(i), CacheNamespace.random());
      assertThat(cache.bytes()).isLessThanOrEqualTo(20 * SIZE);
    }
  }

  @Test
  void whatIsMoreThanAShareIsNotRemembered() {
    ConstraintCache cache = new ConstraintCache(20 * SIZE, 10);
    cache.put(choice(1), ONE);
    assertThat(cache.find(format(1), ONE)).isNull();
    assertThat(cache.bytes()).isZero();
  }
}
