package io.galerne.engine.model;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;

/**
 * Keys and values of all sequences, in blocks of {@value #BLOCK_TOKENS} positions (paged attention:
 * Kwon et al., 2023). This class owns the memory; which sequence has which block is the scheduler's
 * account. Memory of a block is allocated when the block is first used, and kept.
 *
 * <p>Keys are laid out {@code [kvHead][headSize][position]} and values {@code
 * [kvHead][position][headSize]} within a block, so that attention never adds across lanes.
 */
public final class KvCache {
  /** Positions in a block. */
  public static final int BLOCK_TOKENS = GROUP;

  private final LlamaConfig config;
  private final int blocks;
  private final float[][][] keys;
  private final float[][][] values;

  public KvCache(LlamaConfig config, int blocks) {
    this.config = config;
    this.blocks = blocks;
    this.keys = new float[config.layers()][blocks][];
    this.values = new float[config.layers()][blocks][];
  }

  /** Bytes that one block takes over all layers. */
  public static long blockBytes(LlamaConfig config) {
    return 2L * config.layers() * config.kvSize() * BLOCK_TOKENS * Float.BYTES;
  }

  public int blocks() {
    return blocks;
  }

  /** Makes sure that a block has memory. Called by the engine's own thread before it is used. */
  public void prepare(int block) {
    if (keys[0][block] == null) {
      int size = config.kvSize() * BLOCK_TOKENS;
      for (int layer = 0; layer < config.layers(); layer++) {
        keys[layer][block] = new float[size];
        values[layer][block] = new float[size];
      }
    }
  }

  /** {@code [block][kvHead][headSize][position]}. */
  float[][] keys(int layer) {
    return keys[layer];
  }

  /** {@code [block][kvHead][position][headSize]}. */
  float[][] values(int layer) {
    return values[layer];
  }

  /**
   * Stores one position.
   *
   * @param key {@code [kvHeads * headSize]} from {@code offset}, already turned
   * @param value {@code [kvHeads * headSize]} from {@code offset}
   */
  void store(int layer, int block, int slot, float[] key, float[] value, int offset) {
    float[] blockKeys = keys[layer][block];
    float[] blockValues = values[layer][block];
    int headSize = config.headSize();
    for (int i = 0; i < config.kvSize(); i++) {
      blockKeys[i * BLOCK_TOKENS + slot] = key[offset + i];
    }
    for (int head = 0; head < config.kvHeads(); head++) {
      int target = (head * BLOCK_TOKENS + slot) * headSize;
      System.arraycopy(value, offset + head * headSize, blockValues, target, headSize);
    }
  }
}
