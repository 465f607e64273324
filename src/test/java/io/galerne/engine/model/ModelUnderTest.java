package io.galerne.engine.model;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A loaded model with a cache, and sequences that are computed in any pieces and company. */
final class ModelUnderTest implements AutoCloseable {
  private static final int BLOCKS = 64;
  private static final int TOKENS_MAX = 256;

  private final ComputePool pool;
  private final LlamaConfig config;
  private final ModelRunner runner;

  ModelUnderTest(Path weights, int vocabulary, Kernels kernels, int threads) {
    this.pool = new ComputePool(threads);
    try (GgufFile file = GgufFile.open(weights)) {
      this.config = LlamaConfig.from(file.metadata());
      LlamaWeights loaded =
          LlamaLoader.load(file, config, vocabulary, Arena.ofAuto(), pool, bytes -> {});
      var cache = new KvCache(config, BLOCKS);
      for (int i = 0; i < BLOCKS; i++) {
        cache.prepare(i);
      }
      this.runner = new ModelRunner(config, loaded, cache, kernels, pool, TOKENS_MAX, TOKENS_MAX);
    }
  }

  /** A sequence whose blocks are scattered over the cache; {@code number} is from 0 to 3. */
  Sequence sequence(int number, int[] tokens) {
    int[] table = new int[BLOCKS / 4];
    for (int i = 0; i < table.length; i++) {
      table[i] = (i * 5 + 3) % table.length * 4 + number;
    }
    return new Sequence(tokens, table, new float[tokens.length][]);
  }

  record Sequence(int[] tokens, int[] table, float[][] logits) {}

  /** All logits of one prompt that is computed in chunks. */
  float[][] logits(int[] tokens, int chunk) {
    Sequence sequence = sequence(0, tokens);
    for (int from = 0; from < tokens.length; from += chunk) {
      step(List.of(sequence), from, Math.min(from + chunk, tokens.length));
    }
    return sequence.logits;
  }

  /** All logits of several prompts whose steps have chunks of uneven sizes. */
  float[][][] raggedLogits(int[]... prompts) {
    Sequence[] sequences = new Sequence[prompts.length];
    int[] done = new int[prompts.length];
    for (int i = 0; i < prompts.length; i++) {
      sequences[i] = sequence(i, prompts[i]);
    }
    Batch batch = new Batch(TOKENS_MAX);
    for (int step = 0; anyLeft(prompts, done); step++) {
      batch.clear();
      int[] ends = new int[prompts.length];
      for (int i = 0; i < prompts.length; i++) {
        int chunk = 1 + (step * 7 + i * 11) % 29;
        ends[i] = Math.min(prompts[i].length, done[i] + chunk);
        add(batch, sequences[i], done[i], ends[i]);
      }
      runner.forward(batch);
      int row = 0;
      for (int i = 0; i < prompts.length; i++) {
        row = take(sequences[i], done[i], ends[i], row);
      }
      done = ends;
    }
    float[][][] logits = new float[prompts.length][][];
    Arrays.setAll(logits, i -> sequences[i].logits);
    return logits;
  }

  private static boolean anyLeft(int[][] prompts, int[] done) {
    for (int i = 0; i < done.length; i++) {
      if (done[i] < prompts[i].length) {
        return true;
      }
    }
    return false;
  }

  private void step(List<Sequence> sequences, int from, int to) {
    Batch batch = new Batch(TOKENS_MAX);
    for (Sequence sequence : sequences) {
      add(batch, sequence, from, to);
    }
    runner.forward(batch);
    int row = 0;
    for (Sequence sequence : sequences) {
      row = take(sequence, from, to, row);
    }
  }

  private void add(Batch batch, Sequence sequence, int from, int to) {
    // What lies before the window of the first token may belong to somebody else by now.
    int stale = Kernels.firstAttended(from, config.slidingWindow()) / KvCache.BLOCK_TOKENS;
    Arrays.fill(sequence.table, 0, stale, -1);
    for (int i = from; i < to; i++) {
      batch.add(sequence.tokens[i], i, sequence.table);
      batch.wantLogits();
    }
  }

  private int take(Sequence sequence, int from, int to, int firstRow) {
    int row = firstRow;
    for (int i = from; i < to; i++, row++) {
      int offset = row * runner.vocabulary();
      sequence.logits[i] =
          Arrays.copyOfRange(runner.logits(), offset, offset + runner.vocabulary());
    }
    return row;
  }

  @Override
  public void close() {
    pool.close();
  }
}
