package io.galerne.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second Galerne off a data directory. The operating system releases the lock when the
 * process ends, however it ends.
 */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the directory for this process.
   *
   * @throws DatabaseSetupException if another process has it, or if it cannot be written
   */
  static DirectoryLock acquire(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
      return lock(directory);
    } catch (FileSystemException e) {
      throw new DatabaseSetupException(
          "The data directory " + directory.toAbsolutePath() + " cannot be written: " + e,
          "Give this user write access to it, or name another with"
              + " --galerne.data-directory=<path>.",
          e);
    }
  }

  private static DirectoryLock lock(Path directory) throws IOException {
    Path file = directory.resolve("galerne.lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      String holder = Files.readString(file).strip();
      channel.close();
      throw new DatabaseSetupException(
          "The data directory "
              + directory.toAbsolutePath()
              + " is in use by another Galerne (process "
              + holder
              + ").",
          "Stop that process, or give this one a directory of its own with"
              + " --galerne.data-directory=<path>.");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
    return new DirectoryLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
