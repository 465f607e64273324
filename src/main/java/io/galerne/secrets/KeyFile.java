package io.galerne.secrets;

import io.galerne.database.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key-encryption keys in the data directory, one on a line. A key that {@code galerne secrets}
 * adds while the server runs is used by the server from then on.
 */
final class KeyFile implements Supplier<Keyring> {
  static final String NAME = "secret-keys";
  private static final Logger log = LoggerFactory.getLogger(KeyFile.class);

  private final DataDirectory data;
  private volatile Read read;

  private record State(long modifiedNanos, long size) {
    static State of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new State(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size());
    }
  }

  private record Read(State state, Keyring keyring) {}

  /** Makes the first key if there is none. */
  KeyFile(DataDirectory data) {
    this.data = data;
    if (keys(data).isEmpty()) {
      data.writeSecret(NAME, HexFormat.of().formatHex(AesGcm.newKey()));
      log.info("made {}; without this file nothing sealed opens", data.file(NAME));
    }
    try {
      this.read = read();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + data.file(NAME), e);
    }
  }

  private static List<String> keys(DataDirectory data) {
    return data.readSecret(NAME).stream()
        .flatMap(String::lines)
        .filter(line -> !line.isBlank())
        .toList();
  }

  private Read read() throws IOException {
    State before = State.of(data.file(NAME)); // what changes meanwhile is read the next time
    return new Read(before, new Keyring(keys(data)));
  }

  /** A file that can't be read, or holds no keys, changes nothing for who has read it before. */
  @Override
  public Keyring get() {
    Read last = read;
    try {
      if (!State.of(data.file(NAME)).equals(last.state())) {
        read = read();
        log.info("read {} again, it changed", data.file(NAME));
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      log.warn(
          "{} can't be read, its keys as they were hold on: {}", data.file(NAME), e.toString());
    }
    return read.keyring();
  }

  /** Adds a key, which seals from now on. */
  void add() {
    List<String> keys = new ArrayList<>(keys(data));
    keys.add(HexFormat.of().formatHex(AesGcm.newKey()));
    data.writeSecret(NAME, String.join("\n", keys));
  }
}
