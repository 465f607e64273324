package io.galerne.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerRecord;
import io.galerne.catalog.KnownWeights;
import io.galerne.embedding.BundledModel;
import io.galerne.embedding.EmbeddingModel;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.LoadListener;
import io.galerne.launch.Terminal;
import io.galerne.models.InstalledCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code galerne replay}; it needs the weights, but no server and no database. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Computes a recorded answer again and holds it against the record.",
      "The file is what GET /v1/admin/audit/requests/{request_id} gives."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:byte for byte the same",
      "1:different, or not to be computed; the reason is told",
      "2:usage"
    })
public final class ReplayCommand implements java.util.concurrent.Callable<Integer> {
  private static final Duration TIME_MAX = Duration.ofMinutes(10);
  private static final int EQUAL = 0;
  private static final int DIFFERENT = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE")
  private Path file = Path.of("");

  @Option(
      names = "--weights",
      description = "A GGUF file. Without, the catalogue's weights of the record's digest.")
  private @Nullable Path weights;

  private ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Runs a command line.
   *
   * @param args what comes after {@code replay}
   * @return the exit code
   */
  public static int run(Terminal terminal, String... args) {
    return new CommandLine(new ReplayCommand(terminal))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setExecutionExceptionHandler(
            (failure, _, _) -> {
              terminal.err().println("galerne replay: " + failure.getMessage());
              return DIFFERENT;
            })
        .execute(args);
  }

  private record RequestFile(
      @JsonProperty("answer") @Nullable AnswerRecord answer,
      @JsonProperty("content") @Nullable AnswerContent content) {}

  @Override
  public Integer call() throws InterruptedException {
    RequestFile request = JSON.readValue(file.toFile(), RequestFile.class);
    AnswerRecord record = request.answer();
    AnswerContent content = request.content();
    if (record == null || content == null) {
      throw new IllegalArgumentException(
          file + " has no " + (record == null ? "record of an answer" : "content"));
    }
    return switch (replay(record, content)) {
      case ReplayVerdict.Equal(var digests, int cut) -> {
        terminal
            .out()
            .printf(
                "Equal: %d answers%s, byte for byte; %s%n",
                digests.size(),
                cut == 0 ? "" : ", " + cut + " of them as far as they were sent",
                String.join(", ", digests));
        yield EQUAL;
      }
      case ReplayVerdict.Differs(String where, int at, String reason) -> {
        terminal
            .out()
            .printf("Different in %s%s: %s%n", where, at < 0 ? "" : " at byte " + at, reason);
        yield DIFFERENT;
      }
      case ReplayVerdict.NotReplayable(_, String reason) -> {
        terminal.out().printf("Not replayed: %s%n", reason);
        yield DIFFERENT;
      }
    };
  }

  private ReplayVerdict replay(AnswerRecord record, AnswerContent content)
      throws InterruptedException {
    if (Replays.isEmbedding(record)) {
      if (!record.weightsDigest().equals(BundledModel.PROFILE.digest())) {
        return otherWeights(record, BundledModel.PROFILE.digest());
      }
      try (EmbeddingModel model = BundledModel.load()) {
        return Replays.of(record, content, model).verdict();
      }
    }
    Optional<EngineSettings> settings = settings(record);
    if (settings.isEmpty()) {
      return new ReplayVerdict.NotReplayable(
          ReplayVerdict.Why.NO_WEIGHTS,
          "the catalogue has no weights of digest " + record.weightsDigest() + "; name --weights");
    }
    try (Engine engine = Engine.load(settings.orElseThrow(), LoadListener.NONE)) {
      String digest = engine.profile().digest();
      return digest.equals(record.weightsDigest())
          ? Replays.of(record, content, engine, TIME_MAX).verdict()
          : otherWeights(record, digest);
    }
  }

  private static ReplayVerdict otherWeights(AnswerRecord record, String digest) {
    return new ReplayVerdict.NotReplayable(
        ReplayVerdict.Why.NO_WEIGHTS,
        "weights of digest " + record.weightsDigest() + " answered, these have " + digest);
  }

  private Optional<EngineSettings> settings(AnswerRecord record) {
    if (weights != null) {
      return Optional.of(EngineSettings.of(weights));
    }
    return KnownWeights.all(InstalledCatalog.read()).stream()
        .filter(KnownWeights.Complete.class::isInstance)
        .map(KnownWeights.Complete.class::cast)
        .filter(known -> known.sha256().equals(record.weightsDigest()))
        .findFirst()
        .map(
            known ->
                EngineSettings.of(known.file()).withSlidingWindow(known.tuning().slidingWindow()));
  }
}
