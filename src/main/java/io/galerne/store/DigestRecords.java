package io.galerne.store;

import io.galerne.engine.FileDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The digests that were computed, so that listing large files doesn't read them again. A record
 * counts as long as the file has the size and the time of change that it had then.
 */
public final class DigestRecords {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int RECORDS_MAX = 1_000;

  private final Path file;

  public DigestRecords(ModelStore store) {
    this.file = store.folder().resolve(".digests.json");
  }

  /** How a file stands to the digest it should have. */
  public enum State {
    VERIFIED,
    MISMATCH,
    UNVERIFIED,
    MISSING
  }

  record Digest(long bytes, long changedMillis, String sha256) {}

  /** What is known without reading the weights. */
  public State state(Path weights, String expected) {
    if (!Files.isRegularFile(weights)) {
      return State.MISSING;
    }
    return find(weights)
        .map(known -> known.equals(expected) ? State.VERIFIED : State.MISMATCH)
        .orElse(State.UNVERIFIED);
  }

  /**
   * Reads the weights and remembers what came out.
   *
   * @param read told how many bytes more have been read
   * @throws IOException if the weights can't be read
   */
  public State verify(Path weights, String expected, LongConsumer read) throws IOException {
    return compute(weights, read).equals(expected) ? State.VERIFIED : State.MISMATCH;
  }

  /**
   * Reads the weights and remembers their digest.
   *
   * @param read told how many bytes more have been read
   */
  public String compute(Path weights, LongConsumer read) throws IOException {
    String digest = FileDigest.sha256(weights, read);
    remember(weights, digest);
    return digest;
  }

  /** The digest that was computed of a file, if the file is still the same. */
  public Optional<String> find(Path weights) {
    try {
      Digest known = all().get(key(weights));
      return known != null
              && known.bytes() == Files.size(weights)
              && known.changedMillis() == Files.getLastModifiedTime(weights).toMillis()
          ? Optional.of(known.sha256())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // a file that can't be looked at has no known digest
    }
  }

  void remember(Path weights, String digest) {
    try {
      Map<String, Digest> records = all();
      records.keySet().removeIf(path -> !Files.exists(Path.of(path)));
      if (records.size() < RECORDS_MAX) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        long changed = Files.getLastModifiedTime(weights).toMillis();
        records.put(key(weights), new Digest(Files.size(weights), changed, digest));
        DurableFiles.replace(file, JSON.writeValueAsBytes(records));
      }
    } catch (IOException e) {
      // The store may be read-only; the digest is then computed again next time.
      System.getLogger(DigestRecords.class.getName())
          .log(System.Logger.Level.DEBUG, "a digest is not remembered", e);
    }
  }

  private Map<String, Digest> all() {
    try {
      return Files.exists(file)
          ? JSON.readValue(
              Files.readAllBytes(file), new TypeReference<TreeMap<String, Digest>>() {})
          : new TreeMap<>();
    } catch (JacksonException | IOException e) {
      return new TreeMap<>(); // it is only a memory of what can be computed again
    }
  }

  private static String key(Path weights) {
    return weights.toAbsolutePath().normalize().toString();
  }
}
