package io.galerne.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A layer's blocks of keys or of values, half floats each, with a view of each block for machine
 * code: a view for each call would be garbage.
 */
public final class HalfBlocks {
  private final short[][] arrays;
  private final MemorySegment[] views;

  /** So many blocks without memory. */
  public HalfBlocks(int blocks) {
    this.arrays = new short[blocks][];
    this.views = new MemorySegment[blocks];
  }

  /** Gives a block memory. */
  public void allocate(int block, int size) {
    arrays[block] = new short[size];
    views[block] = MemorySegment.ofArray(arrays[block]);
  }

  public boolean isAllocated(int block) {
    return views[block] != null;
  }

  /** A block's memory. */
  public short[] array(int block) {
    return arrays[block];
  }

  MemorySegment view(int block) {
    return views[block];
  }
}
