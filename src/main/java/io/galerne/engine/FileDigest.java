package io.galerne.engine;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongConsumer;

/** The SHA-256 of a file. */
public final class FileDigest {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FutureTask<String> task;

  private FileDigest(Callable<String> work) {
    this.task = new FutureTask<>(work);
  }

  /**
   * Begins to compute it beside other work. The file must stay open until the digest is there;
   * closing it ends the work.
   */
  static FileDigest start(GgufFile file) {
    var digest = new FileDigest(() -> sha256(file));
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

  private static String sha256(GgufFile file) {
    MessageDigest sha256 = newDigest();
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER_BYTES, file.sizeBytes()));
    for (long position = 0; position < file.sizeBytes(); position += BUFFER_BYTES) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, file.sizeBytes() - position));
      file.read(position, buffer);
      sha256.update(buffer.flip());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /**
   * Lower-case hex.
   *
   * @param read told how many bytes more have been read
   */
  public static String sha256(Path file, LongConsumer read) throws IOException {
    MessageDigest sha256 = newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        sha256.update(buffer, 0, count);
        read.accept(count);
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
