package io.galerne.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The one folder that Galerne writes to, set by {@code galerne.data-directory}.
 *
 * <p>Small secrets in it are files that only their owner can read, and are replaced as a whole: a
 * reader sees the old content or the new, never a part.
 */
@ConfigurationProperties("galerne")
public record DataDirectory(@DefaultValue("data") Path dataDirectory) {
  private static final int SECRET_BYTES_MAX = 4096;

  /** Where the named file of this directory lies, whether or not it exists. */
  public Path file(String name) {
    return dataDirectory.resolve(name);
  }

  /** The secret's content without surrounding white space, or empty if there is no such file. */
  public Optional<String> readSecret(String name) {
    Path file = file(name);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > SECRET_BYTES_MAX) {
        throw new IOException(file + " is larger than " + SECRET_BYTES_MAX + " bytes");
      }
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Replaces the secret's content durably; only the owner can read the file. */
  public void writeSecret(String name, String content) {
    Path file = file(name);
    Path fresh = file.resolveSibling(name + "." + UUID.randomUUID());
    try {
      Files.createDirectories(dataDirectory);
      try (FileChannel channel =
          FileChannel.open(
              fresh,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              ownerOnly(fresh))) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(content + System.lineSeparator());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
