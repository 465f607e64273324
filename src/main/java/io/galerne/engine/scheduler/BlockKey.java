package io.galerne.engine.scheduler;

import java.nio.ByteBuffer;

/** The name of a block's content and of everything before it: 256 bits of a {@link BlockHasher}. */
record BlockKey(long first, long second, long third, long fourth) {
  static final int BYTES = 4 * Long.BYTES;

  static BlockKey from(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new BlockKey(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  void putTo(ByteBuffer buffer) {
    buffer.putLong(first).putLong(second).putLong(third).putLong(fourth);
  }

  /** The bits are evenly spread already. */
  @Override
  public int hashCode() {
    return (int) first;
  }
}
