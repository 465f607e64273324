package io.galerne.engine.model;

import static io.galerne.engine.kernel.PackedMatrix.GROUP;

import io.galerne.engine.kernel.HalfBlocks;
import java.util.Arrays;

/**
 * Keys and values of all sequences, in blocks of {@value #BLOCK_TOKENS} positions (paged attention:
 * Kwon et al., 2023). This class owns the memory; which sequence has which block is the scheduler's
 * account. Memory of a block is allocated when the block is first used, and kept.
 *
 * <p>Elements are IEEE 754 half floats: half the memory, and eleven bits are more than enough for
 * what attention averages. They are rounded to nearest, ties to even; what is beyond the largest
 * finite half becomes that half, because an infinity would turn a whole answer into nothing.
 *
 * <p>Keys are laid out {@code [kvHead][headSize][position]} and values {@code
 * [kvHead][position][headSize]} within a block, so that attention never adds across lanes.
 */
public final class KvCache {
  /** Positions in a block. */
  public static final int BLOCK_TOKENS = GROUP;

  private static final float LARGEST_HALF = 65_504;

  private final LlamaConfig config;
  private final int blocks;

  /** {@code [layer]}. */
  private final HalfBlocks[] keys;

  private final HalfBlocks[] values;

  public KvCache(LlamaConfig config, int blocks) {
    this.config = config;
    this.blocks = blocks;
    this.keys = new HalfBlocks[config.layers()];
    this.values = new HalfBlocks[config.layers()];
    Arrays.setAll(keys, layer -> new HalfBlocks(blocks));
    Arrays.setAll(values, layer -> new HalfBlocks(blocks));
  }

  /** Bytes that one block takes over all layers. */
  public static long blockBytes(LlamaConfig config) {
    return 2L * config.layers() * config.kvSize() * BLOCK_TOKENS * Short.BYTES;
  }

  /**
   * Most positions of a sequence. Where there is a window, it goes on in blocks that it had before.
   */
  public static long positions(LlamaConfig config, long blocks) {
    long context = config.contextTokens();
    return config.slidingWindow() == 0 ? Math.min(context, blocks * BLOCK_TOKENS) : context;
  }

  /** Most positions in the blocks that one token attends to, in a cache of {@code blocks}. */
  public static long positionsAttended(LlamaConfig config, long blocks) {
    long context = config.contextTokens();
    long window = config.slidingWindow() == 0 ? context : config.slidingWindow();
    // A window that begins at the end of one block ends at the beginning of another, and those of
    // the tokens that attend together in the one after it.
    long touched = Math.min(context, window) / BLOCK_TOKENS + 3;
    return Math.min(touched, blocks) * BLOCK_TOKENS;
  }

  public int blocks() {
    return blocks;
  }

  /** Makes sure that a block has memory. Called by the engine's own thread before it is used. */
  public void prepare(int block) {
    if (!keys[0].isAllocated(block)) {
      int size = config.kvSize() * BLOCK_TOKENS;
      for (int layer = 0; layer < config.layers(); layer++) {
        keys[layer].allocate(block, size);
        values[layer].allocate(block, size);
      }
    }
  }

  /** {@code [block][kvHead][headSize][position]}. */
  HalfBlocks keys(int layer) {
    return keys[layer];
  }

  /** {@code [block][kvHead][position][headSize]}. */
  HalfBlocks values(int layer) {
    return values[layer];
  }

  /**
   * Stores one position.
   *
   * @param key {@code [kvHeads * headSize]} from {@code offset}, already turned
   * @param value {@code [kvHeads * headSize]} from {@code offset}
   */
  void store(int layer, int block, int slot, float[] key, float[] value, int offset) {
    short[] blockKeys = keys[layer].array(block);
    short[] blockValues = values[layer].array(block);
    int headSize = config.headSize();
    for (int i = 0; i < config.kvSize(); i++) {
      blockKeys[i * BLOCK_TOKENS + slot] = half(key[offset + i]);
    }
    for (int head = 0; head < config.kvHeads(); head++) {
      int source = offset + head * headSize;
      int target = (head * BLOCK_TOKENS + slot) * headSize;
      for (int i = 0; i < headSize; i++) {
        blockValues[target + i] = half(value[source + i]);
      }
    }
  }

  static short half(float number) {
    return Float.floatToFloat16(Math.min(Math.max(number, -LARGEST_HALF), LARGEST_HALF));
  }
}
