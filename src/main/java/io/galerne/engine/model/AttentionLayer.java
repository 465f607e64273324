package io.galerne.engine.model;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.PackedMatrix;

/**
 * Grouped-query attention over the paged cache: project, turn, store, attend, project back. Several
 * query heads share one key head, so their work on it stays together.
 */
final class AttentionLayer {
  private static final int GROUPS_AT_ONCE = 4;

  private final LlamaConfig config;
  private final KvCache cache;
  private final Kernels kernels;
  private final ComputePool pool;
  private final Rope rope;
  private final float queryScale;
  private final float[][] scratch;

  /** {@code [threads][context]}. */
  private final float[][] scores;

  /** {@code [threads][pairs]}. */
  private final float[][] cosines;

  private final float[][] sines;

  /** {@code [tokens][heads * headSize]}. */
  private final float[] queries;

  /** {@code [tokens][kvHeads * headSize]}. */
  private final float[] keys;

  private final float[] values;

  /** {@code [tokens][heads * headSize]}. */
  private final float[] attended;

  private final Activations attendedActivations;

  AttentionLayer(
      LlamaConfig config,
      KvCache cache,
      Kernels kernels,
      ComputePool pool,
      float[][] scratch,
      int tokensMax) {
    this.config = config;
    this.cache = cache;
    this.kernels = kernels;
    this.pool = pool;
    this.rope = new Rope(config);
    this.queryScale = (float) (1 / Math.sqrt(config.headSize()));
    this.scratch = scratch;
    int positionsMax = Math.min(config.contextTokens(), cache.blocks() * KvCache.BLOCK_TOKENS);
    this.scores = new float[pool.threads()][positionsMax + KvCache.BLOCK_TOKENS];
    this.cosines = new float[pool.threads()][rope.pairs()];
    this.sines = new float[pool.threads()][rope.pairs()];
    this.queries = new float[Math.multiplyExact(tokensMax, config.querySize())];
    this.keys = new float[Math.multiplyExact(tokensMax, config.kvSize())];
    this.values = new float[keys.length];
    this.attended = new float[queries.length];
    this.attendedActivations = new Activations(tokensMax, config.querySize());
  }

  /**
   * Adds the layer's attention to the residual stream.
   *
   * @param states {@code [tokens][embedding]}
   * @param normalised the normalised states
   */
  void addTo(
      float[] states, Batch batch, int layer, LlamaWeights.Layer weights, Activations normalised) {
    project(weights, normalised);
    pool.run(
        batch.size(),
        Activations.TILE,
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            turnAndStore(batch, i, layer, cosines[worker], sines[worker]);
          }
        });
    pool.run(
        batch.size() * config.kvHeads(),
        1,
        (from, to, worker) -> {
          for (int unit = from; unit < to; unit++) {
            attend(batch, unit / config.kvHeads(), unit % config.kvHeads(), layer, scores[worker]);
          }
        });
    attendedActivations.shape(batch.size(), config.querySize());
    pool.run(
        batch.size(),
        Activations.TILE,
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            attendedActivations.set(i, attended, i * config.querySize());
          }
        });
    PackedMatrix output = weights.attentionOutput();
    pool.run(
        output.groups(),
        GROUPS_AT_ONCE,
        (from, to, worker) ->
            kernels.multiply(
                output,
                from,
                to,
                attendedActivations,
                states,
                0,
                config.embedding(),
                true,
                scratch[worker]));
  }

  /** The three projections as one phase: their groups of rows are numbered through. */
  private void project(LlamaWeights.Layer weights, Activations x) {
    int queryGroups = weights.query().groups();
    int keyGroups = weights.key().groups();
    pool.run(
        queryGroups + keyGroups + weights.value().groups(),
        GROUPS_AT_ONCE,
        (from, to, worker) -> {
          multiply(weights.query(), 0, from, to, x, queries, config.querySize(), worker);
          multiply(weights.key(), queryGroups, from, to, x, keys, config.kvSize(), worker);
          multiply(
              weights.value(),
              queryGroups + keyGroups,
              from,
              to,
              x,
              values,
              config.kvSize(),
              worker);
        });
  }

  private void multiply(
      PackedMatrix weight,
      int base,
      int from,
      int to,
      Activations x,
      float[] out,
      int stride,
      int worker) {
    int first = Math.max(from - base, 0);
    int end = Math.min(to - base, weight.groups());
    if (first < end) {
      kernels.multiply(weight, first, end, x, out, 0, stride, false, scratch[worker]);
    }
  }

  private void turnAndStore(Batch batch, int i, int layer, float[] cosines, float[] sines) {
    int position = batch.position(i);
    rope.angles(position, cosines, sines);
    int query = i * config.querySize();
    for (int head = 0; head < config.heads(); head++) {
      rope.rotate(queries, query + head * config.headSize(), cosines, sines);
    }
    for (int k = query; k < query + config.querySize(); k++) {
      queries[k] *= queryScale;
    }
    int key = i * config.kvSize();
    for (int head = 0; head < config.kvHeads(); head++) {
      rope.rotate(keys, key + head * config.headSize(), cosines, sines);
    }
    int block = batch.blockTable(i)[position / KvCache.BLOCK_TOKENS];
    cache.store(layer, block, position % KvCache.BLOCK_TOKENS, keys, values, key);
  }

  private void attend(Batch batch, int i, int kvHead, int layer, float[] scores) {
    int group = config.heads() / config.kvHeads();
    for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
      int offset = i * config.querySize() + head * config.headSize();
      kernels.attend(
          queries,
          offset,
          cache.keys(layer),
          cache.values(layer),
          batch.blockTable(i),
          kvHead,
          config.headSize(),
          batch.position(i) + 1,
          scores,
          attended,
          offset);
    }
  }
}
