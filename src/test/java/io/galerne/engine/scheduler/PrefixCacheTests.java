package io.galerne.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found again, by whom, and what is evicted. */
class PrefixCacheTests {
  private static final SchedulerLimits LIMITS = new SchedulerLimits(8, 256, 256);
  private final CacheScope mine = CacheScope.of(CacheNamespace.random());
  private final CacheScope theirs = CacheScope.of(CacheNamespace.random());

  @Test
  void theSamePromptIsFoundButForItsLastToken() {
    var desk = new Desk(LIMITS, 64, 0);
    int[] prompt = prompt(1, 64);
    assertThat(cached(desk, prompt, mine)).isZero();
    assertThat(cached(desk, prompt, mine)).as("64 tokens, the last of them computed").isEqualTo(48);
    assertThat(cached(desk, prompt(1, 65), mine)).isEqualTo(64);
    assertThat(cached(desk, prompt, theirs)).isZero();
    assertThat(cached(desk, prompt, CacheScope.NONE)).isZero();
    assertThat(desk.blocks.used()).isZero();
    assertThat(desk.blocks.cached()).isPositive();
  }

  @Test
  void anAnswerIsFoundByTheNextTurn() {
    var desk = new Desk(LIMITS, 64, 0);
    Sequence turn = desk.add(ServiceTerms.of("key"), prompt(1, 30), 40, mine);
    desk.run();
    int[] next = new int[100];
    for (int i = 0; i < turn.length(); i++) {
      next[i] = turn.token(i);
    }
    assertThat(cached(desk, next, mine)).isEqualTo(64);
  }

  @Test
  void publicTokensAreFoundByAllButNothingBehindThem() {
    var desk = new Desk(LIMITS, 64, 0);
    int[] prompt = prompt(1, 80);
    CacheScope first = new CacheScope(mine.namespace(), 40);
    CacheScope second = new CacheScope(theirs.namespace(), 40);
    assertThat(cached(desk, prompt, first)).isZero();
    assertThat(cached(desk, prompt, second)).as("two full blocks").isEqualTo(32);
    assertThat(cached(desk, prompt, first)).isEqualTo(64);
  }

  /** A flood of prompts that would fill the cache many times leaves others their share. */
  @Test
  void aFloodLeavesOthersTheirReservedShare() {
    var desk = new Desk(LIMITS, 64, 0);
    int[] prompt = prompt(1, 100);
    cached(desk, prompt, mine);
    for (int i = 0; i < 200; i++) {
      desk.add(ServiceTerms.of("flood"), prompt(100 + i, 150), 4, theirs);
    }
    desk.run();
    assertThat(cached(desk, prompt, mine)).isEqualTo(96);
  }

  /** Beyond its share a namespace has no privilege: what went unused the longest goes first. */
  @Test
  void beyondTheShareTheLeastRecentlyUsedGoesFirst() {
    var desk = new Desk(LIMITS, 64, 0);
    for (int i = 0; i < 6; i++) {
      cached(desk, prompt(i, 160), mine);
    }
    for (int i = 0; i < 4; i++) {
      cached(desk, prompt(50 + i, 128), theirs);
    }
    assertThat(cached(desk, prompt(53, 128), theirs)).isEqualTo(112);
    assertThat(cached(desk, prompt(5, 160), mine)).as("within the share").isPositive();
    assertThat(cached(desk, prompt(0, 160), mine)).as("the oldest").isZero();
  }

  @Test
  void aWindowHoldsAFewBlocksOnlyAndIsFoundAgain() {
    int window = 40;
    var desk = new Desk(new SchedulerLimits(2, 32, 32), 12, window);
    int[] prompt = prompt(1, 1_000);
    Sequence sequence = desk.add(ServiceTerms.of("key"), prompt, 50, mine);
    while (!desk.scheduler.isIdle()) {
      desk.step();
      assertThat(desk.blocks.used()).isLessThanOrEqualTo((window + 32) / Desk.BLOCK + 2);
    }
    assertThat(sequence.generated()).isEqualTo(50);
    int[] next = new int[sequence.length() + 1];
    for (int i = 0; i < sequence.length(); i++) {
      next[i] = sequence.token(i);
    }
    assertThat(cached(desk, next, mine)).isEqualTo((sequence.length() - 1) / 16 * 16);
  }

  @Test
  void aSecretIsLongEnoughAndNeverShown() {
    assertThatThrownBy(() -> CacheNamespace.of(new byte[8])).hasMessageContaining("secret");
    assertThat(mine.toString()).contains("private").doesNotContainPattern("[0-9a-f]{16}");
    assertThat(CacheNamespace.of(new byte[32])).isEqualTo(CacheNamespace.of(new byte[32]));
  }

  private static int cached(Desk desk, int[] prompt, CacheScope scope) {
    Sequence sequence = desk.add(ServiceTerms.of("key"), prompt, 1, scope);
    desk.run();
    return sequence.cachedPromptTokens();
  }

  private static int[] prompt(int seed, int length) {
    return new Random(seed).ints(length, 2, 30_000).toArray();
  }
}
