package io.galerne.store;

import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room on the disk that a file lies on. */
final class Room {
  private Room() {}

  /**
   * Refuses if so many bytes more would not leave the reserve free.
   *
   * @param file exists
   */
  static void require(Path file, long bytes, long reserve) throws IOException {
    long free = Files.getFileStore(file).getUsableSpace();
    if (bytes > free - reserve) {
      throw new StoreException(
          Problem.NO_ROOM,
          "%s more are needed and %s are to stay free, but the disk of %s has %s"
              .formatted(
                  ByteCount.of(bytes),
                  ByteCount.of(reserve),
                  file.getParent(),
                  ByteCount.of(free)));
    }
  }
}
