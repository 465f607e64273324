package io.galerne.engine.model;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.PackedMatrix;

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
  private final KvCache cache;
  private final Kernels kernels;
  private final ComputePool pool;
  private final Rope rope;
  private final float[][] scratch;

  /** {@code [threads][tokens at once][heads / kvHeads][positions]}. */
  private final float[][] scores;

  /** {@code [threads][Kernels.attentionScratch]}. */
  private final float[][] unpacked;

  /** {@code [tokens][pairs]}: the turns of a step, which all layers share. */
  private final float[] cosines;

  private final float[] sines;

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

  AttentionLayer(
      LlamaConfig config,
      Rope rope,
      KvCache cache,
      Kernels kernels,
      ComputePool pool,
      float[][] scratch,
      int tokensMax) {
    this.config = config;
    this.cache = cache;
    this.kernels = kernels;
    this.pool = pool;
    this.rope = rope;
    this.scratch = scratch;
    int group = config.heads() / config.kvHeads();
    int positions = Math.toIntExact(KvCache.positionsAttended(config, cache.blocks()));
    int queriesAtOnce = Kernels.ATTENTION_TOKENS * group;
    this.scores = new float[pool.threads()][Math.multiplyExact(queriesAtOnce, positions)];
    this.unpacked = new float[pool.threads()][Kernels.attentionScratch(config.headSize(), group)];
    this.cosines = new float[Math.multiplyExact(tokensMax, rope.pairs())];
    this.sines = new float[cosines.length];
    this.queries = new float[Math.multiplyExact(tokensMax, config.querySize())];
    this.keys = new float[Math.multiplyExact(tokensMax, config.kvSize())];
    this.values = new float[keys.length];
    this.attended = new float[queries.length];
    this.attendedActivations = new Activations(tokensMax, config.querySize());
    this.runs = new int[tokensMax + 1];
  }

  /** Takes in a token of the step to come, on any thread. */
  void prepare(Batch batch, int i) {
    rope.angles(batch.position(i), cosines, sines, i * rope.pairs());
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
    int share = Math.ceilDiv(batch.size(), pool.threads());
    pool.run(
        batch.size(),
        Math.min(share, Activations.TILE),
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            addBiases(weights, i);
            turnAndStore(batch, i, layer);
          }
        });
    pool.run(
        findRuns(batch) * config.kvHeads(),
        1,
        (from, to, worker) -> {
          for (int unit = from; unit < to; unit++) {
            attend(batch, unit / config.kvHeads(), unit % config.kvHeads(), layer, worker);
          }
        });
    projectBack(states, batch.size(), weights.attentionOutput());
  }

  /** The three projections as one phase: their groups of rows are numbered through. */
  private void project(LlamaWeights.Layer weights, Activations x) {
    PackedMatrix query = weights.query().matrix();
    PackedMatrix key = weights.key().matrix();
    PackedMatrix value = weights.value().matrix();
    int keyBase = query.groups();
    int valueBase = keyBase + key.groups();
    pool.run(
        valueBase + value.groups(),
        GROUPS_AT_ONCE,
        (from, to, worker) -> {
          multiply(query, 0, from, to, x, queries, config.querySize(), worker);
          multiply(key, keyBase, from, to, x, keys, config.kvSize(), worker);
          multiply(value, valueBase, from, to, x, values, config.kvSize(), worker);
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

  private void addBiases(LlamaWeights.Layer weights, int i) {
    weights.query().addBias(queries, i * config.querySize());
    weights.key().addBias(keys, i * config.kvSize());
    weights.value().addBias(values, i * config.kvSize());
  }

  private void turnAndStore(Batch batch, int i, int layer) {
    int position = batch.position(i);
    int turn = i * rope.pairs();
    int query = i * config.querySize();
    for (int head = 0; head < config.heads(); head++) {
      rope.rotate(queries, query + head * config.headSize(), cosines, sines, turn);
    }
    float scale = config.attentionScale() * rope.queryScale(position);
    for (int k = query; k < query + config.querySize(); k++) {
      queries[k] *= scale;
    }
    int key = i * config.kvSize();
    for (int head = 0; head < config.kvHeads(); head++) {
      rope.rotate(keys, key + head * config.headSize(), cosines, sines, turn);
    }
    int block = batch.blockTable(i)[position / KvCache.BLOCK_TOKENS];
    cache.store(layer, block, position % KvCache.BLOCK_TOKENS, keys, values, key);
  }

  /** Cuts the batch into runs of consecutive tokens of one sequence and returns their number. */
  private int findRuns(Batch batch) {
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

  private void attend(Batch batch, int run, int kvHead, int layer, int worker) {
    int first = runs[run];
    int group = config.heads() / config.kvHeads();
    kernels.attend(
        queries,
        first * config.querySize() + kvHead * group * config.headSize(),
        config.querySize(),
        runs[run + 1] - first,
        group,
        cache.keys(layer),
        cache.values(layer),
        batch.blockTable(first),
        kvHead,
        config.headSize(),
        batch.position(first),
        config.slidingWindow(),
        scores[worker],
        unpacked[worker],
        attended);
  }

  private void projectBack(float[] states, int tokens, LlamaWeights.Projection output) {
    int size = config.querySize();
    attendedActivations.shape(tokens, size);
    pool.run(
        tokens,
        Activations.TILE,
        (from, to, worker) -> {
          for (int i = from; i < to; i++) {
            attendedActivations.set(i, attended, i * size);
            output.addBias(states, i * config.embedding());
          }
        });
    pool.run(
        output.matrix().groups(),
        GROUPS_AT_ONCE,
        (from, to, worker) ->
            kernels.multiply(
                output.matrix(),
                from,
                to,
                attendedActivations,
                states,
                0,
                config.embedding(),
                true,
                scratch[worker]));
  }
}
