package io.galerne.journal;

import io.galerne.database.DataDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * A file below the data directory that keeps lines for the ledger until the database takes them.
 * Each replica has one of its own, locked while it lives; what a killed one left is taken over by
 * the next to start in the same directory.
 */
@Component
class Spool implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(Spool.class);
  private static final long BYTES_MAX = 256L << 20;
  private static final String SUFFIX = ".spool";

  private final Path folder;
  private final Path file;

  /** Guarded by this; null where the directory can't be written. */
  private final @Nullable FileChannel channel;

  Spool(DataDirectory data, Replica replica) {
    this.folder = data.file("journal");
    this.file = folder.resolve(replica.id() + SUFFIX);
    this.channel = open();
  }

  private @Nullable FileChannel open() {
    try {
      Files.createDirectories(folder);
      return lock(file);
    } catch (IOException e) {
      log.warn("nothing can be kept while the database is away: {}", e.toString());
      return null;
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new IOException(path + " is in use");
    }
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // of this very process
    }
  }

  /** Durable when it returns. */
  synchronized void append(List<SpoolLine> lines) throws IOException {
    FileChannel out = channel;
    if (out == null) {
      throw new IOException("there is no spool");
    }
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.encode()));
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
    long end = out.size();
    if (end + bytes.remaining() > BYTES_MAX) {
      throw new IOException("the spool is full");
    }
    try {
      out.position(end);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(false);
    } catch (IOException e) {
      takeBack(out, end, e);
      throw e;
    }
  }

  /** A part of a line, as a full disk leaves it, would spoil the next one. */
  private static void takeBack(FileChannel out, long end, IOException cause) {
    try {
      out.truncate(end);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  synchronized boolean isEmpty() throws IOException {
    return channel == null || channel.size() == 0;
  }

  /** What is kept, in order. */
  synchronized List<SpoolLine> lines() throws IOException {
    return read(file);
  }

  /** Forgets everything if nothing was added to what was read. */
  synchronized boolean clear(int linesRead) throws IOException {
    if (read(file).size() != linesRead) {
      return false;
    }
    if (channel != null) {
      channel.truncate(0);
      channel.force(true);
    }
    return true;
  }

  private static List<SpoolLine> read(Path path) throws IOException {
    return new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
        .lines()
        .map(SpoolLine::decode)
        .flatMap(Optional::stream)
        .toList();
  }

  /** What a replica that is no more has left. */
  record Left(UUID replicaId, List<SpoolLine> lines, Path path, FileChannel lock) {
    /** All of it is in the ledger. */
    void delete() throws IOException {
      Files.deleteIfExists(path);
      lock.close();
    }

    void keep() throws IOException {
      lock.close();
    }
  }

  /** The spools of replicas of this directory that no longer run; each is locked. */
  List<Left> left() throws IOException {
    List<Left> left = new ArrayList<>();
    if (channel == null) {
      return left;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.filter(this::isOther).toList()) {
        FileChannel other =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (tryLock(other) == null) {
          other.close();
          continue;
        }
        String name = path.getFileName().toString();
        UUID id = UUID.fromString(name.substring(0, name.length() - SUFFIX.length()));
        left.add(new Left(id, read(path), path, other));
      }
    }
    return left;
  }

  private boolean isOther(Path path) {
    return path.toString().endsWith(SUFFIX) && !path.equals(file);
  }

  @Override
  public synchronized void destroy() {
    if (channel == null) {
      return;
    }
    try {
      boolean empty = channel.size() == 0;
      channel.close();
      if (empty) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      log.warn("{} could not be closed: {}", file, e.toString());
    }
  }
}
