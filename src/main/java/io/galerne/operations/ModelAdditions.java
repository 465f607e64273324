package io.galerne.operations;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditedWork;
import io.galerne.audit.PlatformTrail;
import io.galerne.catalog.CatalogProperties;
import io.galerne.database.DataDirectory;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.store.Manifest;
import io.galerne.store.ModelStore;
import io.galerne.store.StoreException;
import io.galerne.store.TransferLimits;
import io.galerne.store.WeightsAddition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Brings weights into the store in the background, one at a time on this instance. Files come from
 * one folder, downloads from hosts that the configuration lists and with a digest to expect. How it
 * began and how it ended are rows of the platform's trail.
 */
@Component
class ModelAdditions implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(ModelAdditions.class);
  private static final int FILES_MAX = 200;
  private static final String SUFFIX = ".gguf";

  private final OperationsProperties properties;
  private final ModelStore store;
  private final Path folder;
  private final AuditedWork audited;
  private final Clock clock;

  /** Guarded by this. */
  private @Nullable ModelAddition latest;

  ModelAdditions(
      OperationsProperties properties,
      CatalogProperties catalog,
      DataDirectory data,
      AuditedWork audited,
      Clock clock) {
    this.properties = properties;
    this.store = new ModelStore(catalog.store());
    Path own = properties.importFolder();
    this.folder = (own == null ? data.file("import") : own).toAbsolutePath().normalize();
    this.audited = audited;
    this.clock = clock;
  }

  /**
   * What is to be added.
   *
   * @param origin the name of a file in the folder, or an address
   * @param sha256 the digest to expect; null to take a local file as it is
   * @param licence null takes what the file itself says
   */
  record Wanted(
      String origin,
      String id,
      @Nullable String sha256,
      @Nullable String licence,
      @Nullable String source) {
    boolean isRemote() {
      return origin.toLowerCase(Locale.ROOT).startsWith("http:")
          || origin.toLowerCase(Locale.ROOT).startsWith("https:");
    }
  }

  /** What came of a wish; what is wrong is a key among the messages. */
  sealed interface Outcome {}

  record Begun() implements Outcome {}

  record Refused(String field, String problem) implements Outcome {}

  Path folder() {
    return folder;
  }

  List<String> hosts() {
    return properties.downloadHosts();
  }

  /** Names of the files that can be added, in order; at most 200. */
  List<String> files() {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
        for (Path file : files) {
          if (Files.isRegularFile(file) && names.size() < FILES_MAX) {
            names.add(file.getFileName().toString());
          }
        }
      } catch (IOException e) {
        log.warn("{} can't be listed: {}", folder, e.toString());
      }
    }
    names.sort(null);
    return names;
  }

  synchronized Optional<ModelAddition.Seen> latest() {
    return Optional.ofNullable(latest).map(ModelAddition::seen);
  }

  Outcome begin(PlatformOperator operator, Wanted wanted) {
    Refused refused = problem(wanted);
    if (refused != null) {
      return refused;
    }
    ModelAddition addition = new ModelAddition(wanted.id(), wanted.origin());
    synchronized (this) {
      if (latest != null && latest.isRunning()) {
        return new Refused("origin", "models.wrong.busy");
      }
      latest = addition;
    }
    try {
      note(operator, wanted, "model.add.begin", Map.of());
    } catch (RuntimeException e) {
      addition.ended(ModelAddition.State.REFUSED, "the trail can't be written");
      throw e;
    }
    Thread.ofPlatform()
        .daemon()
        .name("galerne-model-addition")
        .start(() -> run(operator, wanted, addition));
    return new Begun();
  }

  private @Nullable Refused problem(Wanted wanted) {
    if (!Manifest.isId(wanted.id())) {
      return new Refused("id", "models.wrong.id");
    }
    if (wanted.sha256() != null && !Manifest.isSha256(wanted.sha256())) {
      return new Refused("sha256", "models.wrong.sha256");
    }
    if (wanted.isRemote()) {
      Optional<String> host = host(wanted.origin());
      if (host.isEmpty() || !properties.downloadHosts().contains(host.get())) {
        return new Refused("origin", "models.wrong.host");
      }
      return wanted.sha256() == null ? new Refused("sha256", "models.wrong.digest") : null;
    }
    return files().contains(wanted.origin()) ? null : new Refused("origin", "models.wrong.file");
  }

  private static Optional<String> host(String address) {
    try {
      return Optional.ofNullable(URI.create(address).getHost())
          .map(host -> host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void run(PlatformOperator operator, Wanted wanted, ModelAddition addition) {
    try {
      Manifest added =
          new WeightsAddition(
                  store,
                  TransferLimits.DEFAULT.withBytesMax(properties.weightsMax().toBytes()),
                  addition,
                  clock)
              .add(
                  new WeightsAddition.Request(
                      wanted.isRemote()
                          ? new WeightsAddition.Origin.Remote(URI.create(wanted.origin()))
                          : new WeightsAddition.Origin.Local(folder.resolve(wanted.origin())),
                      wanted.id(),
                      wanted.sha256(),
                      wanted.licence(),
                      wanted.source(),
                      _ -> !wanted.isRemote()));
      end(operator, wanted, addition, ModelAddition.State.ADDED, added.sha256());
    } catch (StoreException e) {
      end(operator, wanted, addition, ModelAddition.State.REFUSED, String.valueOf(e.getMessage()));
    } catch (CancellationException e) {
      end(operator, wanted, addition, ModelAddition.State.CANCELLED, "");
    } catch (UncheckedIOException e) {
      log.error("weights could not be added", e);
      end(operator, wanted, addition, ModelAddition.State.REFUSED, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("weights could not be added", e);
      end(operator, wanted, addition, ModelAddition.State.REFUSED, e.toString());
    }
  }

  private void end(
      PlatformOperator operator,
      Wanted wanted,
      ModelAddition addition,
      ModelAddition.State how,
      String message) {
    String action =
        switch (how) {
          case ADDED -> "model.add";
          case REFUSED -> "model.add.refused";
          case CANCELLED, RUNNING -> "model.add.cancelled";
        };
    try {
      note(
          operator,
          wanted,
          action,
          message.isEmpty()
              ? Map.of()
              : Map.of(how == ModelAddition.State.ADDED ? "sha256" : "reason", message));
    } catch (RuntimeException e) {
      log.error("the trail could not be told how the addition of {} ended", wanted.id(), e);
    }
    addition.ended(how, message);
  }

  private void note(
      PlatformOperator operator, Wanted wanted, String action, Map<String, Object> details) {
    AuditEntry entry =
        new AuditEntry(
                PlatformTrail.ID, operator.actor(), action, "MODEL", wanted.id(), null, details)
            .with("origin", SecretMask.of("origin", wanted.origin(), null));
    audited.runInTrail(entry, () -> {});
  }

  /** Ends the addition that goes on, if one does; what has arrived is kept to go on with. */
  synchronized void cancel() {
    if (latest != null) {
      latest.cancel();
    }
  }

  @Override
  public void destroy() {
    cancel();
  }
}
