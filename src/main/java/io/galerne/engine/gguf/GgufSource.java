package io.galerne.engine.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * An open file, read piece by piece into memory of our own. Its length is taken once: whatever
 * happens to the file later, no read goes past that, and one that finds less fails by name. Safe
 * for many threads.
 */
final class GgufSource implements AutoCloseable {
  private static final String FIELD = "file";
  private static final long PIECE_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final Map<String, Object> stamp;
  private final long byteSize;

  private GgufSource(Path path, FileChannel channel, Map<String, Object> stamp, long byteSize) {
    this.path = path;
    this.channel = channel;
    this.stamp = stamp;
    this.byteSize = byteSize;
  }

  /**
   * Opens a file.
   *
   * @throws GgufException if it cannot be read or is no regular file: a pipe would never open, a
   *     device never end
   */
  static GgufSource open(Path path) {
    try {
      Map<String, Object> stamp = stamp(path);
      if (!Files.isRegularFile(path)) {
        throw new GgufException(FIELD, path + " cannot be read: it is not a regular file");
      }
      return open(path, stamp);
    } catch (IOException e) {
      throw new GgufException(FIELD, path + " cannot be read: " + e, e);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // the channel's owner is the source that is returned
  private static GgufSource open(Path path, Map<String, Object> stamp) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new GgufSource(path, channel, stamp, channel.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** What changes when somebody writes to the file or puts another in its place. */
  private static Map<String, Object> stamp(Path path) throws IOException {
    boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
    return Files.readAttributes(
        path,
        unix ? "unix:ino,dev,size,ctime" : "fileKey,size,lastModifiedTime",
        new LinkOption[0]);
  }

  Path path() {
    return path;
  }

  long byteSize() {
    return byteSize;
  }

  TensorBytes asSlice(long start, long size) {
    return new TensorBytes.InFile(this, start, size);
  }

  /** Fills a segment from a place on. */
  void read(long position, MemorySegment target) {
    for (long done = 0; done < target.byteSize(); done += PIECE_BYTES) {
      long size = Math.min(PIECE_BYTES, target.byteSize() - done);
      read(position + done, target.asSlice(done, size).asByteBuffer());
    }
  }

  /** Fills the rest of a buffer from a place on. */
  void read(long position, ByteBuffer target) {
    long at = position;
    try {
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          throw new GgufException(
              FIELD,
              "was shortened to "
                  + channel.size()
                  + " of "
                  + byteSize
                  + " bytes while it was read");
        }
        at += read;
      }
    } catch (ClosedByInterruptException e) {
      throw new GgufException(FIELD, "the thread that read it was interrupted", e);
    } catch (ClosedChannelException e) {
      throw new IllegalStateException(path + " is closed", e);
    } catch (IOException e) {
      throw new GgufException(FIELD, path + " cannot be read: " + e, e);
    }
  }

  /**
   * Makes sure that all reads so far saw one and the same file.
   *
   * @throws GgufException if it was written to or replaced since it was opened
   */
  void requireUnchanged() {
    try {
      if (!stamp.equals(stamp(path))) {
        throw new GgufException(FIELD, path + " was changed while it was read");
      }
    } catch (IOException e) {
      throw new GgufException(FIELD, path + " was removed while it was read: " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new GgufException(FIELD, path + " cannot be closed: " + e, e);
    }
  }
}
