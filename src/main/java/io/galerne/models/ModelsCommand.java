package io.galerne.models;

import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.KnownWeights;
import io.galerne.engine.WeightsInspection;
import io.galerne.launch.Terminal;
import io.galerne.store.DigestRecords;
import io.galerne.store.Manifest;
import io.galerne.store.ModelStore;
import io.galerne.store.StoreException;
import io.galerne.store.StoreException.Problem;
import io.galerne.store.TransferLimits;
import io.galerne.store.WeightsAddition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** The commands of {@code galerne models}. Each method is one; what it returns is the exit code. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    versionProvider = ModelsVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Weights on this machine: what is there, what it needs, where it comes from.",
    footer =
        "%nThe folder of added weights is galerne.catalog.store; config/ and environment count.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:refused or failed, the reason is on standard error", "2:usage"})
public final class ModelsCommand {
  private static final int DONE = 0;
  private static final int FAILED = 1;

  private final Terminal terminal;
  private final TransferLimits limits;

  ModelsCommand(Terminal terminal, TransferLimits limits) {
    this.terminal = terminal;
    this.limits = limits;
  }

  /**
   * Runs a command line.
   *
   * @param args what comes after {@code models}
   * @return the exit code
   */
  public static int run(Terminal terminal, String... args) {
    return run(terminal, TransferLimits.DEFAULT, args);
  }

  static int run(Terminal terminal, TransferLimits limits, String... args) {
    return new CommandLine(new ModelsCommand(terminal, limits))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .registerConverter(DataSize.class, DataSize::parse)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              terminal.err().println("galerne models: " + FailureLine.of(failure));
              return FAILED;
            })
        .execute(args);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Shows all weights of the catalogue and of the store, and whom they serve.")
  int list(@Option(names = "--json", description = "For scripts.") boolean json) {
    ModelList list = new ModelList(InstalledCatalog.read());
    print(json ? json(list.rows()) : list.text());
    return DONE;
  }

  /** The JSON of an inspection. */
  record Inspected(String sha256, @Nullable String sha256Expected, WeightsInspection inspection) {}

  @Command(
      mixinStandardHelpOptions = true,
      description = "Shows what a file of weights is, what memory it needs and whether it loads.")
  int inspect(
      @Parameters(paramLabel = "FILE|ID", description = "A file, or weights by their id.")
          String subject,
      @Option(names = "--json", description = "For scripts.") boolean json)
      throws IOException {
    CatalogProperties catalog = InstalledCatalog.read();
    Path file = Path.of(subject);
    String expected = null;
    if (!Files.isRegularFile(file)) {
      KnownWeights.Complete weights = known(catalog, subject);
      file = weights.file();
      expected = weights.sha256();
    }
    WeightsInspection found = WeightsInspection.of(file);
    String digest = digest(digests(catalog), file);
    String state = expected == null || expected.equals(digest) ? "" : ", but should be " + expected;
    print(
        json
            ? json(new Inspected(digest, expected, found))
            : InspectionReport.text(found, digest + state));
    return found.problem() == null ? DONE : FAILED;
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = {
        "Adds weights to the store: copies a file, or downloads one and goes on where an earlier"
            + " download ended.",
        "A catalogue entry 'weights: ID' then uses them."
      })
  int add(
      @Parameters(paramLabel = "FILE|URL", description = "A file, or an http or https address.")
          String origin,
      @Option(names = "--id", description = "What to call it; without, the name of the file.")
          @Nullable String id,
      @Option(names = "--sha256", description = "The digest that the file must have.")
          @Nullable String sha256,
      @Option(names = "--licence", description = "Without, what the file itself says.")
          @Nullable String licence,
      @Option(names = "--source", description = "Without, where the file comes from.")
          @Nullable String source,
      @Option(
              names = "--trust-on-first-use",
              description = "Accept whatever comes, and record its digest.")
          boolean trust,
      @Option(names = "--max-size", description = "The largest file, like 40GB; without, 1 TB.")
          @Nullable DataSize maxSize,
      @Option(
              names = "--if-absent",
              description = "Done already if the store has this id with this --sha256.")
          boolean ifAbsent) {
    CatalogProperties catalog = InstalledCatalog.read();
    OriginArgument from = OriginArgument.of(origin);
    if (from.isRemote() && sha256 == null && !trust) {
      throw new StoreException(
          Problem.DIGEST_UNKNOWN,
          "--sha256: a download needs the digest to expect; --trust-on-first-use takes any");
    }
    ModelStore store = new ModelStore(catalog.store());
    String name = id == null ? from.defaultId() : id;
    if (ifAbsent && has(store, name, sha256)) {
      print("The store has " + name + " already");
      return DONE;
    }
    Manifest added =
        new WeightsAddition(
                store,
                maxSize == null ? limits : limits.withBytesMax(maxSize.toBytes()),
                bar(),
                Clock.systemUTC())
            .add(
                new WeightsAddition.Request(
                    from.origin(),
                    name,
                    sha256 == null ? null : sha256.toLowerCase(Locale.ROOT),
                    licence,
                    source,
                    digest -> trust || accepts(digest)));
    print(
        "Added %s: %s, licence %s, SHA-256 %s%nUse it in config/catalog.yaml: weights: %s"
            .formatted(
                added.id(),
                store.folder().resolve(added.file()),
                added.licence(),
                added.sha256(),
                added.id()));
    return DONE;
  }

  private static boolean has(ModelStore store, String id, @Nullable String sha256) {
    return store.find(id).orElse(null) instanceof ModelStore.Entry.Registered(Manifest has, Path _)
        && has.sha256().equalsIgnoreCase(sha256);
  }

  @Command(mixinStandardHelpOptions = true, description = "Deletes weights from the store.")
  int remove(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--force", description = "Even if the catalogue uses them.") boolean force) {
    CatalogProperties catalog = InstalledCatalog.read();
    List<String> names = ModelList.names(catalog, id);
    if (!names.isEmpty() && !force) {
      throw new StoreException(
          Problem.TAKEN,
          "the catalogue uses '" + id + "' for " + String.join(", ", names) + " (--force removes)");
    }
    new ModelStore(catalog.store()).remove(id);
    print("Removed " + id);
    return DONE;
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Reads weights and holds them against their digest; all, if no id is given.")
  int verify(@Parameters(paramLabel = "ID", arity = "0..1") @Nullable String id)
      throws IOException {
    CatalogProperties catalog = InstalledCatalog.read();
    List<KnownWeights> all = id == null ? KnownWeights.all(catalog) : List.of(known(catalog, id));
    DigestRecords digests = digests(catalog);
    TextTable table = new TextTable();
    boolean good = true;
    for (KnownWeights weights : all) {
      String outcome = verify(weights, digests);
      good &= outcome.equals(lower(DigestRecords.State.VERIFIED));
      table.row(weights.id(), outcome);
    }
    print(table.text().stripTrailing());
    return good ? DONE : FAILED;
  }

  private String verify(KnownWeights weights, DigestRecords digests) throws IOException {
    return switch (weights) {
      case KnownWeights.Incomplete(String id, String property, String reason) ->
          "galerne.catalog." + property + ": " + reason;
      case KnownWeights.Complete complete -> {
        if (!Files.isRegularFile(complete.file())) {
          yield "missing: there is no file " + complete.file();
        }
        TransferBar bar = bar();
        bar.begin("Reading " + complete.id(), 0, Files.size(complete.file()));
        try {
          yield lower(digests.verify(complete.file(), complete.sha256(), bar::advance));
        } finally {
          bar.end();
        }
      }
    };
  }

  /** The file's digest, from memory or by reading it. */
  private String digest(DigestRecords digests, Path file) throws IOException {
    Optional<String> remembered = digests.find(file);
    if (remembered.isPresent()) {
      return remembered.orElseThrow();
    }
    TransferBar bar = bar();
    bar.begin("Reading " + file.getFileName(), 0, Files.size(file));
    try {
      return digests.compute(file, bar::advance);
    } finally {
      bar.end();
    }
  }

  private static KnownWeights.Complete known(CatalogProperties catalog, String id) {
    List<String> ids = new ArrayList<>();
    for (KnownWeights weights : KnownWeights.all(catalog)) {
      ids.add(weights.id());
      if (weights.id().equals(id)) {
        return switch (weights) {
          case KnownWeights.Complete complete -> complete;
          case KnownWeights.Incomplete(String same, String property, String reason) ->
              throw new StoreException(
                  Problem.BROKEN_MANIFEST, "galerne.catalog." + property + ": " + reason);
        };
      }
    }
    throw new StoreException(
        Problem.UNKNOWN, "there is no file and no id '" + id + "'; known: " + ids);
  }

  private boolean accepts(String digest) {
    return terminal
        .person()
        .map(console -> console.readLine("Record SHA-256 %s as its digest? [y/N] ", digest))
        .filter(answer -> answer.strip().equalsIgnoreCase("y"))
        .isPresent();
  }

  private static DigestRecords digests(CatalogProperties catalog) {
    return new DigestRecords(new ModelStore(catalog.store()));
  }

  private TransferBar bar() {
    return new TransferBar(terminal.err(), terminal.person().isPresent(), System::nanoTime);
  }

  private void print(String text) {
    terminal.out().println(text);
  }

  private static String json(Object value) {
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }

  private static String lower(DigestRecords.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
