package io.galerne.store;

import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What has arrived so far of one id: {@code ID.part}, and for a download where it comes from. */
final class Incoming {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final Path part;
  private final Path origin;

  Incoming(Path folder, String id) {
    this.folder = folder;
    this.part = folder.resolve(id + ".part");
    this.origin = folder.resolve(id + ".origin");
  }

  /**
   * Where a part comes from.
   *
   * @param url asked for, before redirects
   * @param validator an entity tag or a date that changes with the content (RFC 9110, 8.8)
   * @param bytes of the whole file; -1 if the server didn't say
   */
  record Origin(String url, @Nullable String validator, long bytes) {}

  Path part() {
    return part;
  }

  boolean exists() {
    return Files.exists(part);
  }

  /**
   * Opens the part, made empty if there is none, for this process alone. Closing the channel gives
   * it up.
   */
  FileChannel open() throws IOException {
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            part,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
    boolean locked = false;
    try {
      FileLock lock = channel.tryLock();
      locked = lock != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new StoreException(Problem.BUSY, "another process is adding to " + part);
    }
    return channel;
  }

  Optional<Origin> origin() {
    try {
      return Files.exists(origin)
          ? Optional.of(JSON.readValue(Files.readAllBytes(origin), Origin.class))
          : Optional.empty();
    } catch (JacksonException | IOException e) {
      return Optional.empty(); // then the download starts again
    }
  }

  void remember(Origin from) throws IOException {
    DurableFiles.replace(origin, JSON.writeValueAsBytes(from));
  }

  void forgetOrigin() throws IOException {
    Files.deleteIfExists(origin);
  }

  void delete() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(origin);
  }
}
