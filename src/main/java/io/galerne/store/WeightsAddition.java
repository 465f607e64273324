package io.galerne.store;

import io.galerne.engine.FileDigest;
import io.galerne.engine.WeightsException;
import io.galerne.engine.WeightsInspection;
import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings weights into the store. They arrive in a part, are made durable, held against their digest
 * and checked by the engine; only then do they get their name, and last their manifest. An end at
 * any moment leaves the store as it was, and adding again goes on.
 */
public final class WeightsAddition {
  private final ModelStore store;
  private final TransferLimits limits;
  private final TransferListener listener;
  private final DigestRecords digests;
  private final Clock clock;

  public WeightsAddition(
      ModelStore store, TransferLimits limits, TransferListener listener, Clock clock) {
    this.store = store;
    this.limits = limits;
    this.listener = listener;
    this.digests = new DigestRecords(store);
    this.clock = clock;
  }

  /** Where weights come from. */
  public sealed interface Origin {
    record Local(Path file) implements Origin {}

    record Remote(URI address) implements Origin {}
  }

  /**
   * What to add.
   *
   * @param sha256 the digest that the file must have, if it is known
   * @param licence null takes what the file itself says
   * @param source null takes where the file comes from
   * @param trust asked, with the computed digest, when none is known; false refuses the file
   */
  public record Request(
      Origin origin,
      String id,
      @Nullable String sha256,
      @Nullable String licence,
      @Nullable String source,
      Predicate<String> trust) {}

  /**
   * @throws StoreException if it can't be done; the store then shows nothing of it
   */
  public Manifest add(Request request) {
    Incoming incoming = store.incoming(request.id());
    requireFree(request.id());
    if (request.sha256() != null && !Manifest.isSha256(request.sha256())) {
      throw new StoreException(
          Problem.DIGEST_MISMATCH, "sha256: '" + request.sha256() + "' is not 64 hex digits");
    }
    try (FileChannel part = incoming.open()) {
      requireFree(request.id()); // another process may have been quicker
      Path present = present(request);
      if (present != null) {
        Manifest manifest = manifest(request, present, digest(request, present));
        incoming.delete();
        return registered(manifest, present);
      }
      Path target = store.weights(request.id() + ".gguf");
      fetch(request, incoming, part);
      part.force(true);
      Manifest manifest = checked(request, incoming, target);
      DurableFiles.move(incoming.part(), target);
      incoming.forgetOrigin();
      return registered(manifest, target);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + store.folder() + ": " + e, e);
    }
  }

  private Manifest registered(Manifest manifest, Path file) throws IOException {
    store.register(manifest);
    digests.remember(file, manifest.sha256());
    return manifest;
  }

  private void requireFree(String id) {
    if (store.find(id).isPresent()) {
      throw new StoreException(
          Problem.TAKEN, "the model store has '" + id + "' already; remove it or choose an --id");
    }
  }

  /**
   * The file, if it lies in the store without a manifest: because it was put there, or because an
   * earlier addition ended between the last two steps.
   */
  private @Nullable Path present(Request request) throws IOException {
    Path own = store.weights(request.id() + ".gguf");
    if (request.origin() instanceof Origin.Local(Path file)
        && Files.isRegularFile(file)
        && Files.isDirectory(store.folder())
        && Files.isSameFile(
            file.toAbsolutePath().normalize().getParent(), store.folder().toAbsolutePath())) {
      return store.weights(file.getFileName().toString());
    }
    if (!Files.exists(own)) {
      return null;
    }
    if (request.sha256() == null) {
      throw new StoreException(
          Problem.TAKEN, own + " exists; give its --sha256 to register it, or choose an --id");
    }
    return own;
  }

  private void fetch(Request request, Incoming incoming, FileChannel part) throws IOException {
    switch (request.origin()) {
      case Origin.Local(Path file) -> FileCopy.into(part, incoming.part(), file, limits, listener);
      case Origin.Remote(URI address) ->
          new HttpDownload(address, incoming, limits, listener).into(part);
    }
  }

  /** Deletes a part that is not what was meant: going on with it would lead nowhere. */
  private Manifest checked(Request request, Incoming incoming, Path target) throws IOException {
    try {
      String digest = digest(request, incoming.part());
      return manifest(request, incoming.part(), digest, target.getFileName().toString());
    } catch (StoreException e) {
      if (e.problem() != Problem.LICENCE_UNKNOWN) {
        incoming.delete();
      }
      throw e;
    }
  }

  private String digest(Request request, Path file) throws IOException {
    listener.begin("Checking", 0, Math.max(1, Files.size(file)));
    String digest;
    try {
      digest = FileDigest.sha256(file, listener::advance);
    } finally {
      listener.end();
    }
    String expected = request.sha256();
    if (expected != null && !expected.equals(digest)) {
      throw new StoreException(
          Problem.DIGEST_MISMATCH, "sha256: expected " + expected + ", but the file has " + digest);
    }
    if (expected == null && !request.trust().test(digest)) {
      throw new StoreException(
          Problem.DIGEST_UNKNOWN,
          "sha256: the file has " + digest + "; repeat with --sha256 " + digest + " to accept it");
    }
    return digest;
  }

  private Manifest manifest(Request request, Path file, String digest) throws IOException {
    return manifest(request, file, digest, file.getFileName().toString());
  }

  private Manifest manifest(Request request, Path file, String digest, String name)
      throws IOException {
    WeightsInspection inspection = inspect(file);
    String licence = request.licence() != null ? request.licence() : inspection.licence();
    if (licence == null || licence.isBlank()) {
      throw new StoreException(
          Problem.LICENCE_UNKNOWN, "general.license: the file names no licence; give --licence");
    }
    String source = request.source();
    return new Manifest(
        request.id(),
        name,
        Files.size(file),
        digest,
        licence,
        source != null ? source : source(request.origin()),
        clock.instant());
  }

  private static WeightsInspection inspect(Path file) {
    WeightsInspection inspection;
    try {
      inspection = WeightsInspection.of(file);
    } catch (WeightsException e) {
      throw new StoreException(Problem.UNUSABLE, "not usable weights: " + e.reason(), e);
    }
    String problem = inspection.problem();
    if (problem != null) {
      throw new StoreException(Problem.UNUSABLE, "weights the engine can't load: " + problem);
    }
    return inspection;
  }

  private static String source(Origin origin) {
    return switch (origin) {
      case Origin.Local(Path file) -> "local file " + file.getFileName();
      case Origin.Remote(URI address) -> Redirects.shown(address);
    };
  }
}
