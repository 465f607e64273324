package io.galerne.engine;

import io.galerne.engine.model.Batch;
import io.galerne.engine.model.KvCache;
import io.galerne.engine.model.ModelRunner;
import java.time.Duration;

/**
 * Runs the forward pass on a made-up sequence until the JIT compiler has had a go at the kernels,
 * so that the first caller doesn't pay for it. What it leaves in the cache is overwritten before
 * any sequence reads it.
 */
final class WarmUp {
  private static final Duration TIME_MAX = Duration.ofMillis(2_500);
  private static final int PROMPT_TOKENS = KvCache.BLOCK_TOKENS;
  private static final int ROUNDS = 30;

  private WarmUp() {}

  static void run(ModelRunner runner, KvCache cache, int tokensMax) {
    int tokens = Math.min(PROMPT_TOKENS, tokensMax);
    int[] table = {0, 1};
    cache.prepare(0);
    cache.prepare(1);
    Batch batch = new Batch(tokens);
    long deadline = System.nanoTime() + TIME_MAX.toNanos();
    for (int round = 0; round < ROUNDS && System.nanoTime() < deadline; round++) {
      step(runner, batch, table, round % 3 == 0 ? tokens : 1);
    }
  }

  private static void step(ModelRunner runner, Batch batch, int[] table, int tokens) {
    batch.clear();
    for (int i = 0; i < tokens; i++) {
      batch.add(i % runner.vocabulary(), i, table);
    }
    batch.wantLogits();
    runner.forward(batch);
  }
}
