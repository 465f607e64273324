package io.galerne.engine;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The SHA-256 of a file, computed beside other work from the file that is open. */
final class FileDigest {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FutureTask<String> task;

  private FileDigest(Callable<String> work) {
    this.task = new FutureTask<>(work);
  }

  /** The file must stay open until the digest is there; closing it ends the work. */
  static FileDigest start(GgufFile file) {
    var digest = new FileDigest(() -> compute(file));
    Thread.ofPlatform().name("galerne-digest").daemon().start(digest.task);
    return digest;
  }

  /**
   * Lower-case hex; waits for the end of the file.
   *
   * @throws GgufException if the file cannot be read to its end
   */
  String await() {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GgufException("file", "the thread that read it was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GgufException unreadable) {
        throw unreadable;
      }
      throw new IllegalStateException("cannot compute the digest of the weights", e.getCause());
    }
  }

  private static String compute(GgufFile file) throws NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER_BYTES, file.sizeBytes()));
    for (long position = 0; position < file.sizeBytes(); position += BUFFER_BYTES) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, file.sizeBytes() - position));
      file.read(position, buffer);
      sha256.update(buffer.flip());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
