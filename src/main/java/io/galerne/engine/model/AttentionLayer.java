package io.galerne.engine.model;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.AttentionUnit;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.PackedMatrix;
import java.util.Arrays;
import java.util.List;

/**
 * Grouped-query attention over the paged cache: project, turn, store, attend, project back (Vaswani
 * et al., 2017; Ainslie et al., 2023). Several query heads share one key head, so their work on it
 * stays together.
 *
 * <p>With a sliding window (Jiang et al., 2023) a token attends to the last {@code window}
 * positions up to its own. No block that lies wholly before the window is read, so that the cache
 * can give it away: what the block table says of it doesn't matter.
 */
final class AttentionLayer {
  private static final int GROUPS_AT_ONCE = 4;

  private final LlamaConfig config;
  private final List<LlamaWeights.Layer> layers;
  private final KvCache cache;
  private final Kernels kernels;
  private final ComputePool pool;
  private final Rope rope;
  private final float[][] scratch;

  /** One for each thread. */
  private final AttentionUnit[] units;

  /** {@code [tokens][heads * headSize]}. */
  private final float[] queries;

  /** {@code [tokens][kvHeads * headSize]}. */
  private final float[] keys;

  private final float[] values;

  /** {@code [tokens][heads * headSize]}. */
  private final float[] attended;

  private final Activations attendedActivations;

  /** Where each run of tokens begins that attend together; behind the last one the end. */
  private final int[] runs;

  // What the call in progress works on.
  private Batch batch = new Batch(0);
  private int layer;
  private Activations normalised = new Activations(0, 0);
  private float[] states = {};

  private final ComputePool.Task project = this::project;
  private final ComputePool.Task turnAndStore = this::turnAndStore;
  private final ComputePool.Task attend = this::attend;
  private final ComputePool.Task layOut = this::layOut;
  private final ComputePool.Task projectBack = this::projectBack;

  AttentionLayer(
      LlamaConfig config,
      List<LlamaWeights.Layer> layers,
      Rope rope,
      KvCache cache,
      Kernels kernels,
      ComputePool pool,
      float[][] scratch,
      int tokensMax) {
    this.config = config;
    this.layers = layers;
    this.cache = cache;
    this.kernels = kernels;
    this.pool = pool;
    this.rope = rope;
    this.scratch = scratch;
    int group = config.heads() / config.kvHeads();
    this.queries = new float[Math.multiplyExact(tokensMax, config.querySize())];
    this.keys = new float[Math.multiplyExact(tokensMax, config.kvSize())];
    this.values = new float[keys.length];
    this.attended = new float[queries.length];
    int positions = Math.toIntExact(KvCache.positionsAttended(config, cache.blocks()));
    this.units = new AttentionUnit[pool.threads()];
    Arrays.setAll(
        units,
        i ->
            new AttentionUnit(
                group,
                config.headSize(),
                config.slidingWindow(),
                positions,
                queries,
                attended,
                config.querySize()));
    this.attendedActivations = new Activations(tokensMax, config.querySize());
    this.runs = new int[tokensMax + 1];
  }

  /**
   * Adds a layer's attention to the residual stream.
   *
   * @param states {@code [tokens][embedding]}
   * @param normalised the normalised states
   */
  void addTo(float[] states, Batch batch, int layer, Activations normalised) {
    this.states = states;
    this.batch = batch;
    this.layer = layer;
    this.normalised = normalised;
    LlamaWeights.Layer weights = layers.get(layer);
    int tokens = batch.size();
    int share = Math.ceilDiv(tokens, pool.threads());
    pool.run(valueBase(weights) + groups(weights.value()), GROUPS_AT_ONCE, project);
    pool.run(tokens, Math.min(share, Activations.TILE), turnAndStore);
    pool.run(findRuns() * config.kvHeads(), 1, attend);
    attendedActivations.shape(tokens, config.querySize());
    pool.run(tokens, Activations.TILE, layOut);
    pool.run(groups(weights.attentionOutput()), GROUPS_AT_ONCE, projectBack);
  }

  /** The three projections are one phase: their groups of rows are numbered through. */
  private void project(int from, int to, int worker) {
    LlamaWeights.Layer weights = layers.get(layer);
    multiply(weights.query(), 0, from, to, queries, config.querySize(), worker);
    multiply(weights.key(), groups(weights.query()), from, to, keys, config.kvSize(), worker);
    multiply(weights.value(), valueBase(weights), from, to, values, config.kvSize(), worker);
  }

  private static int valueBase(LlamaWeights.Layer weights) {
    return groups(weights.query()) + groups(weights.key());
  }

  private static int groups(LlamaWeights.Projection projection) {
    return projection.matrix().groups();
  }

  private void multiply(
      LlamaWeights.Projection projection,
      int base,
      int from,
      int to,
      float[] out,
      int stride,
      int worker) {
    int first = Math.max(from - base, 0);
    int end = Math.min(to - base, groups(projection));
    if (first < end) {
      float[] memory = scratch[worker];
      kernels.multiply(projection.matrix(), first, end, normalised, out, 0, stride, false, memory);
    }
  }

  private void turnAndStore(int from, int to, int worker) {
    for (int i = from; i < to; i++) {
      addBiases(layers.get(layer), i);
      turnAndStore(i);
    }
  }

  private void addBiases(LlamaWeights.Layer weights, int i) {
    weights.query().addBias(queries, i * config.querySize());
    weights.key().addBias(keys, i * config.kvSize());
    weights.value().addBias(values, i * config.kvSize());
  }

  private void turnAndStore(int i) {
    int position = batch.position(i);
    int query = i * config.querySize();
    rope.rotate(queries, query, config.heads(), config.headSize(), position);
    float scale = config.attentionScale() * rope.queryScale(position);
    for (int k = query; k < query + config.querySize(); k++) {
      queries[k] *= scale;
    }
    int key = i * config.kvSize();
    rope.rotate(keys, key, config.kvHeads(), config.headSize(), position);
    int block = batch.blockTable(i)[position / KvCache.BLOCK_TOKENS];
    cache.store(layer, block, position % KvCache.BLOCK_TOKENS, keys, values, key);
  }

  /** Cuts the batch into runs of consecutive tokens of one sequence and returns their number. */
  private int findRuns() {
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      boolean continues =
          count > 0 && i - runs[count - 1] < Kernels.ATTENTION_TOKENS && batch.followsBefore(i);
      if (!continues) {
        runs[count++] = i;
      }
    }
    runs[count] = batch.size();
    return count;
  }

  private void attend(int from, int to, int worker) {
    for (int i = from; i < to; i++) {
      attend(i / config.kvHeads(), i % config.kvHeads(), units[worker]);
    }
  }

  private void attend(int run, int kvHead, AttentionUnit unit) {
    int first = runs[run];
    int group = config.heads() / config.kvHeads();
    unit.of(
        batch.blockTable(first),
        kvHead,
        first * config.querySize() + kvHead * group * config.headSize(),
        runs[run + 1] - first,
        batch.position(first));
    kernels.attend(unit, cache.keys(layer), cache.values(layer));
  }

  private void layOut(int from, int to, int worker) {
    int size = config.querySize();
    for (int i = from; i < to; i++) {
      attendedActivations.set(i, attended, i * size);
      layers.get(layer).attentionOutput().addBias(states, i * config.embedding());
    }
  }

  private void projectBack(int from, int to, int worker) {
    PackedMatrix output = layers.get(layer).attentionOutput().matrix();
    int size = config.embedding();
    float[] memory = scratch[worker];
    kernels.multiply(output, from, to, attendedActivations, states, 0, size, true, memory);
  }
}
