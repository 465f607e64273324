package io.galerne.engine.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file of version 2 or 3, mapped read-only and checked completely when it is opened.
 *
 * <pre>{@code
 * try (GgufFile file = GgufFile.open(path)) {
 *   int layers = file.metadata().integer("llama.block_count");
 *   MemorySegment weights = file.tensor("output_norm.weight").data();
 * }
 * }</pre>
 *
 * <p>Tensors are views of the file: after {@link #close()} every access to one fails with an {@link
 * IllegalStateException}. The file must not be shortened while it is open.
 */
public final class GgufFile implements AutoCloseable {
  private final Path path;
  private final Arena arena;
  private final long sizeBytes;
  private final GgufMetadata metadata;
  private final Map<String, GgufTensor> tensors;

  private GgufFile(Path path, Arena arena, MemorySegment bytes) {
    GgufReader.Content content = GgufReader.read(bytes);
    this.path = path;
    this.arena = arena;
    this.sizeBytes = bytes.byteSize();
    this.metadata = content.metadata();
    this.tensors = content.tensors();
  }

  /**
   * Maps and checks a file.
   *
   * @throws GgufException if the file cannot be read or breaks any rule of the format
   */
  @SuppressWarnings("MustBeClosedChecker") // the arena's owner is the file that is returned
  public static GgufFile open(Path path) {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      GgufFile file = new GgufFile(path, arena, bytes);
      opened = true;
      return file;
    } catch (IOException e) {
      throw new GgufException("file", path + " cannot be read: " + e, e);
    } finally {
      if (!opened) {
        arena.close();
      }
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
    return path;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
