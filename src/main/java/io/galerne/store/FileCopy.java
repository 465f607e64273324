package io.galerne.store;

import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies a local file into a part, from its beginning. */
final class FileCopy {
  private static final long CHUNK_BYTES = 8 << 20;

  private FileCopy() {}

  static void into(
      FileChannel part, Path target, Path source, TransferLimits limits, TransferListener listener)
      throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new StoreException(Problem.UNKNOWN, "there is no file " + source);
    }
    part.truncate(0);
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
      long total = from.size();
      if (total > limits.bytesMax()) {
        throw new StoreException(
            Problem.TOO_LARGE,
            "%s has %s, the limit is %s (--max-size)"
                .formatted(source, ByteCount.of(total), ByteCount.of(limits.bytesMax())));
      }
      Room.require(target, total, limits.bytesReserve());
      listener.begin("Copying", 0, total);
      for (long at = 0; at < total; ) {
        long copied = part.transferFrom(from, at, Math.min(CHUNK_BYTES, total - at));
        if (copied <= 0) {
          throw new StoreException(Problem.INTERRUPTED, source + " became shorter meanwhile");
        }
        at += copied;
        listener.advance(copied);
      }
    } finally {
      listener.end();
    }
  }
}
