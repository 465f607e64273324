package io.galerne.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The folder that keeps PostgreSQL's unpacked programs, shared by all of a user's Galernes, so that
 * only the first start on a machine unpacks them.
 *
 * <p>It lies in the user's cache and not, as would be the library's default, in the common
 * temporary folder, where another user could put programs of his own. An unpacking that was killed
 * half-way leaves a folder that the library would neither finish nor replace, so such a folder is
 * removed first.
 */
final class PostgresBinaries {
  /** File locks hold between processes; this one holds between the threads of this process. */
  private static final ReentrantLock inProcess = new ReentrantLock();

  private final Path folder;

  private PostgresBinaries(Path folder) {
    this.folder = folder;
  }

  /** The user's cache, or a folder below the given one if that can't be written. */
  static PostgresBinaries inUserCache(Path otherwise) throws IOException {
    Path cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(path -> !path.isBlank())
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    for (Path folder : List.of(cache.resolve("galerne"), otherwise.resolve("cache"))) {
      try {
        return in(folder);
      } catch (IOException e) {
        // no home, or not ours: the next candidate decides
      }
    }
    throw new IOException("neither " + cache + " nor " + otherwise + " can be written");
  }

  /** Keeps the programs in the folder, which only this user can read and write from now on. */
  static PostgresBinaries in(Path folder) throws IOException {
    Files.createDirectories(folder);
    keepOthersOut(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + " cannot be written");
    }
    return new PostgresBinaries(folder);
  }

  Path folder() {
    return folder;
  }

  /** Runs what may unpack the programs, so that nobody else does so at the same time. */
  <T> T whileUnpacking(Start<T> start) throws IOException {
    try {
      return isUnpacked() ? start.run() : unpackAlone(start);
    } finally {
      keepOthersOut(folder); // the library lets everybody write to it
    }
  }

  private static void keepOthersOut(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  private <T> T unpackAlone(Start<T> start) throws IOException {
    inProcess.lock();
    try (FileChannel lockFile =
            FileChannel.open(
                folder.resolve("unpack.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var _ = lockFile.lock()) {
      removeIncomplete();
      return start.run();
    } finally {
      inProcess.unlock();
    }
  }

  private boolean isUnpacked() throws IOException {
    List<Path> versions = versions();
    return !versions.isEmpty() && versions.stream().allMatch(PostgresBinaries::isComplete);
  }

  private void removeIncomplete() throws IOException {
    for (Path version : versions()) {
      if (!isComplete(version)) {
        FileSystemUtils.deleteRecursively(version);
      }
    }
  }

  private List<Path> versions() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("PG-")).toList();
    }
  }

  private static boolean isComplete(Path version) {
    return Files.exists(version.resolve(".exists"));
  }

  /** A start of the server, which unpacks the programs if they are absent. */
  interface Start<T> {
    T run() throws IOException;
  }
}
