package io.galerne.bench;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.KernelChoice;
import io.galerne.engine.kernel.KernelLadder;
import io.galerne.engine.model.Batch;
import io.galerne.engine.model.KvCache;
import io.galerne.engine.model.LlamaConfig;
import io.galerne.engine.model.LlamaLoader;
import io.galerne.engine.model.LlamaWeights;
import io.galerne.engine.model.ModelRunner;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * How far the engine's distribution of the next token is from what its weights say: the mean
 * Kullback-Leibler divergence over a text, beside llama.cpp's own.
 */
final class DivergenceBenchmark {
  private static final int CONTEXT = 2048;
  private static final int CHUNKS = 1;
  private static final int STEP = 64;
  private static final double MOST = 1e-5;

  private final LlamaConfig config;
  private final LlamaWeights weights;
  private final ComputePool pool;

  /** Divergence from the double-precision distribution, over all positions. */
  private final Mean fromDoubles = new Mean();

  /** Divergence from llama.cpp's run of the widened weights, over the positions it evaluated. */
  private final Mean fromLlamaCpp = new Mean();

  private static final class Mean {
    private double sum;
    private double max;
    private int count;

    void add(double value) {
      sum += value;
      max = Math.max(max, value);
      count++;
    }

    double mean() {
      return sum / count;
    }

    @Override
    public String toString() {
      return "mean %.3e, largest %.3e, over %d tokens".formatted(mean(), max, count);
    }
  }

  private DivergenceBenchmark(LlamaConfig config, LlamaWeights weights, ComputePool pool) {
    this.config = config;
    this.weights = weights;
    this.pool = pool;
  }

  /**
   * @param text at least twice {@code CONTEXT} tokens, which is what the peer asks for
   * @param llamaCpp the folder of llama.cpp's tools; without {@code llama-perplexity} there is no
   *     peer
   * @param work for large files
   */
  static void run(Path file, Path text, String llamaCpp, Path work) throws IOException {
    Optional<LlamaCppDivergence> peer =
        LlamaCppDivergence.run(llamaCpp, file, text, work, CONTEXT, CHUNKS);
    try (GgufFile gguf = GgufFile.open(file);
        Arena arena = Arena.ofShared();
        var pool = new ComputePool(Runtime.getRuntime().availableProcessors())) {
      LlamaConfig config = LlamaConfig.from(gguf.metadata());
      Tokenizer tokenizer = Tokenizers.fromGguf(gguf.metadata());
      LlamaWeights weights =
          LlamaLoader.load(gguf, config, tokenizer.vocabularySize(), arena, pool, bytes -> {});
      int[] tokens = tokenizer.encode(Files.readString(text));
      var benchmark = new DivergenceBenchmark(config, weights, pool);
      for (int chunk = 0; chunk < CHUNKS; chunk++) {
        int[] part = Arrays.copyOfRange(tokens, chunk * CONTEXT, (chunk + 1) * CONTEXT);
        if (peer.isPresent() && !Arrays.equals(part, peer.get().tokens()[chunk])) {
          throw new IllegalStateException("llama.cpp made other tokens of the text");
        }
        benchmark.measure(chunk, part, peer);
      }
      benchmark.report(peer);
    }
  }

  private void report(Optional<LlamaCppDivergence> peer) {
    System.out.println("Galerne from double precision: " + fromDoubles);
    peer.ifPresent(
        theirs -> {
          System.out.println("Galerne from llama.cpp's F32 run: " + fromLlamaCpp);
          System.out.println(
              "llama.cpp from its own F32 run: mean %.3e".formatted(theirs.ownDivergence()));
        });
    if (!(fromDoubles.mean() < MOST)) {
      throw new IllegalStateException("the mean is over the bar of " + MOST);
    }
  }

  private void measure(int chunk, int[] tokens, Optional<LlamaCppDivergence> peer) {
    var reference = new DoubleReference(config, weights);
    double[][] states = reference.states(tokens);
    int blocks = CONTEXT / KvCache.BLOCK_TOKENS;
    var cache = new KvCache(config, blocks);
    int[] table = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      cache.prepare(i);
      table[i] = i;
    }
    var runner =
        new ModelRunner(
            config, weights, cache, KernelLadder.choose(KernelChoice.AUTOMATIC), pool, STEP, STEP);
    var batch = new Batch(STEP);
    for (int from = 0; from < tokens.length; from += STEP) {
      batch.clear();
      for (int i = from; i < from + STEP; i++) {
        batch.add(tokens[i], i, table);
        batch.wantLogits();
      }
      runner.forward(batch);
      double[][] expected = reference.logProbabilities(states, from, from + STEP);
      for (int i = 0; i < STEP; i++) {
        compare(chunk, from + i, i, runner, expected, peer);
      }
    }
  }

  private void compare(
      int chunk,
      int position,
      int row,
      ModelRunner runner,
      double[][] expected,
      Optional<LlamaCppDivergence> peer) {
    int vocabulary = runner.vocabulary();
    double[] ours = new double[vocabulary];
    double max = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < vocabulary; token++) {
      ours[token] = runner.logits()[row * vocabulary + token];
      max = Math.max(max, ours[token]);
    }
    double sum = 0;
    for (double logit : ours) {
      sum += Math.exp(logit - max);
    }
    double normaliser = max + Math.log(sum);
    double divergence = 0;
    double theirs = 0;
    boolean evaluated =
        peer.isPresent()
            && position >= peer.get().distributions().first()
            && position < CONTEXT - 1;
    for (int token = 0; token < vocabulary; token++) {
      double our = ours[token] - normaliser;
      double p = expected[token][row];
      divergence += Math.exp(p) * (p - our);
      if (evaluated) {
        double q = peer.orElseThrow().distributions().logProbability(chunk, position, token);
        // What it wrote reaches down to here; below, it wrote the bound.
        theirs += q > LlamaCppDivergence.LEAST ? Math.exp(q) * (q - our) : 0;
      }
    }
    fromDoubles.add(divergence);
    if (evaluated) {
      fromLlamaCpp.add(theirs);
    }
  }
}
