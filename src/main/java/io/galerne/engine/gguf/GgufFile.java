package io.galerne.engine.gguf;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file of version 2 or 3, checked completely when it is opened.
 *
 * <pre>{@code
 * try (GgufFile file = GgufFile.open(path)) {
 *   int layers = file.metadata().integer("llama.block_count");
 *   MemorySegment weights = file.tensor("output_norm.weight").data();
 * }
 * }</pre>
 *
 * <p>Metadata and tensors are read from the file when they are asked for, into memory of their own;
 * after {@link #close()} that fails with an {@link IllegalStateException}. A file that is shortened
 * meanwhile fails the read with a {@link GgufException}; one that is changed in any other way, the
 * call of {@link #requireUnchanged()}.
 */
public final class GgufFile implements AutoCloseable {
  private final GgufSource source;
  private final GgufMetadata metadata;
  private final Map<String, GgufTensor> tensors;

  private GgufFile(GgufSource source) {
    GgufReader.Content content = GgufReader.read(source);
    this.source = source;
    this.metadata = content.metadata();
    this.tensors = content.tensors();
  }

  /**
   * Opens and checks a file.
   *
   * @throws GgufException if the file cannot be read or breaks any rule of the format
   */
  public static GgufFile open(Path path) {
    GgufSource source = GgufSource.open(path);
    try {
      return new GgufFile(source);
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  public GgufMetadata metadata() {
    return metadata;
  }

  /**
   * A tensor by its name.
   *
   * @throws GgufException if the file has none of this name
   */
  public GgufTensor tensor(String name) {
    return find(name)
        .orElseThrow(() -> new GgufException("tensor " + name, "is missing from the file"));
  }

  public Optional<GgufTensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** All tensors in the order of the file. */
  public Collection<GgufTensor> tensors() {
    return Collections.unmodifiableCollection(tensors.values());
  }

  public Path path() {
    return source.path();
  }

  public long sizeBytes() {
    return source.byteSize();
  }

  /**
   * Fills the rest of a buffer with the file's bytes as they are now, from a place on.
   *
   * @throws GgufException if the file is shorter by now
   */
  public void read(long position, ByteBuffer target) {
    source.read(position, target);
  }

  /**
   * Makes sure that everything read so far came from one and the same file.
   *
   * @throws GgufException if the file was written to or replaced since it was opened
   */
  public void requireUnchanged() {
    source.requireUnchanged();
  }

  @Override
  public void close() {
    source.close();
  }
}
