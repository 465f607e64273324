package io.galerne.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The SHA-256 of a file, computed beside other work. */
final class FileDigest {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FutureTask<String> task;

  private FileDigest(Callable<String> work) {
    this.task = new FutureTask<>(work);
  }

  static FileDigest start(Path file) {
    var digest = new FileDigest(() -> compute(file));
    Thread.ofPlatform().name("galerne-digest").daemon().start(digest.task);
    return digest;
  }

  /** Lower-case hex; waits for the end of the file. */
  String await() {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the weights", e);
    } catch (ExecutionException e) {
      throw new UncheckedIOException("can't read the weights", new IOException(e.getCause()));
    }
  }

  private static String compute(Path file) throws IOException, NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
