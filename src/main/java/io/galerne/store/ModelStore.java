package io.galerne.store;

import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of added weights: {@code FILE.gguf} and its manifest {@code ID.json} for each. The
 * manifest is written last and deleted first, so whoever reads the folder sees weights whole or not
 * at all. What is still arriving lies in {@code .incoming}.
 *
 * <pre>{@code
 * ModelStore store = new ModelStore(Path.of("data/models"));
 * store.find("mistral-7b").map(entry -> ...);
 * }</pre>
 */
public final class ModelStore {
  private static final String SUFFIX = ".json";
  private static final int MANIFEST_BYTES_MAX = 64 << 10;
  private static final int ENTRIES_MAX = 10_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;

  public ModelStore(Path folder) {
    this.folder = folder;
  }

  /** What a name in the store stands for. */
  public sealed interface Entry {
    String id();

    /** Weights with a manifest that can be read; whether the file is still there is not known. */
    record Registered(Manifest manifest, Path file) implements Entry {
      @Override
      public String id() {
        return manifest.id();
      }
    }

    /** A manifest that can't be used. */
    record Broken(String id, Path manifest, String reason) implements Entry {}
  }

  public Path folder() {
    return folder;
  }

  /** Everything that has a manifest, by id; empty if there is no such folder. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Path manifest : names("*" + SUFFIX)) {
      String name = manifest.getFileName().toString();
      String id = name.substring(0, name.length() - SUFFIX.length());
      if (Manifest.isId(id)) {
        entries.add(read(id, manifest));
      }
    }
    entries.sort(Comparator.comparing(Entry::id));
    return List.copyOf(entries);
  }

  public Optional<Entry> find(String id) {
    Path manifest = manifest(id);
    return Files.exists(manifest) ? Optional.of(read(id, manifest)) : Optional.empty();
  }

  /** Files of weights that lie in the folder but are not registered. */
  public List<Path> strays() {
    List<Path> registered = new ArrayList<>();
    for (Entry entry : entries()) {
      if (entry instanceof Entry.Registered found) {
        registered.add(found.file());
      }
    }
    List<Path> strays = new ArrayList<>(names("*.gguf"));
    strays.removeAll(registered);
    return strays.stream().sorted().toList();
  }

  /** Deletes weights, whatever state they are in, and what has arrived of them so far. */
  public void remove(String id) {
    Optional<Entry> entry = find(id);
    Incoming incoming = incoming(id);
    if (entry.isEmpty() && !incoming.exists()) {
      throw new StoreException(
          Problem.UNKNOWN, "the model store " + folder + " has no weights '" + id + "'");
    }
    try {
      Files.deleteIfExists(manifest(id));
      if (entry.orElse(null) instanceof Entry.Registered found) {
        DurableFiles.sync(folder);
        Files.deleteIfExists(found.file());
      }
      incoming.delete();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + id + ": " + e, e);
    }
  }

  /** Makes weights visible whose file is in its place already. */
  void register(Manifest manifest) throws IOException {
    byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
    DurableFiles.replace(manifest(manifest.id()), text);
  }

  Incoming incoming(String id) {
    return new Incoming(folder.resolve(".incoming"), checked(id));
  }

  Path weights(String file) {
    return folder.resolve(file);
  }

  private Path manifest(String id) {
    return folder.resolve(checked(id) + SUFFIX);
  }

  private static String checked(String id) {
    if (!Manifest.isId(id)) {
      throw new StoreException(
          Problem.BAD_ID,
          "'"
              + id
              + "' is no id: letters, digits and . _ : - with a letter or digit first, 128 at"
              + " most");
    }
    return id;
  }

  private Entry read(String id, Path file) {
    try {
      if (Files.size(file) > MANIFEST_BYTES_MAX) {
        return new Entry.Broken(id, file, "is larger than " + MANIFEST_BYTES_MAX + " bytes");
      }
      Manifest manifest = JSON.readValue(Files.readAllBytes(file), Manifest.class);
      if (manifest == null) {
        return new Entry.Broken(id, file, "is empty");
      }
      return manifest.id().equals(id)
          ? new Entry.Registered(manifest, weights(manifest.file()))
          : new Entry.Broken(id, file, "id: '" + manifest.id() + "' is not the file's name");
    } catch (JacksonException e) {
      String reason =
          e.getCause() instanceof StoreException cause
              ? String.valueOf(cause.getMessage())
              : e.getOriginalMessage();
      return new Entry.Broken(id, file, reason);
    } catch (IOException e) {
      return new Entry.Broken(id, file, "cannot be read: " + e);
    }
  }

  private List<Path> names(String glob) {
    List<Path> names = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return names;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      for (Path file : files) {
        if (!file.getFileName().toString().startsWith(".") && names.size() < ENTRIES_MAX) {
          names.add(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder + ": " + e, e);
    }
    return names;
  }
}
