package io.galerne.replay;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerRecord;
import io.galerne.audit.AnswerRecords;
import io.galerne.embedding.BundledModel;
import io.galerne.embedding.EmbeddingException;
import io.galerne.embedding.EmbeddingJob;
import io.galerne.embedding.EmbeddingPool;
import io.galerne.engine.Engine;
import io.galerne.replay.ReplayVerdict.NotReplayable;
import io.galerne.replay.ReplayVerdict.Why;
import io.galerne.serving.EmbeddingBits;
import io.galerne.serving.EngineRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Replays answers with the weights that this process has loaded: one at a time, and of each tenant
 * one that runs or waits.
 */
@Component
public class ReplayDesk {
  private static final Duration TIME_MAX = Duration.ofMinutes(2);
  private static final Duration TURN_WAIT_MAX = Duration.ofSeconds(30);

  private final AnswerRecords records;
  private final EngineRegistry engines;
  private final EmbeddingPool embeddings;
  private final ReplayTurns turns = new ReplayTurns();

  ReplayDesk(AnswerRecords records, EngineRegistry engines, EmbeddingPool embeddings) {
    this.records = records;
    this.engines = engines;
    this.embeddings = embeddings;
  }

  /** What comes of a request's answer, or empty if the tenant has no record of it. */
  public Optional<Replayed> replay(UUID tenantId, UUID requestId) {
    return records
        .find(tenantId, requestId)
        .map(
            record ->
                records
                    .content(tenantId, requestId)
                    .map(content -> inTurn(tenantId, record, content))
                    .orElseGet(
                        () ->
                            refused(
                                record,
                                Why.NOT_KEPT,
                                "its content was not kept, or was shredded")));
  }

  /**
   * A recorded prompt as a person reads it; empty where the weights that know its tokens are not
   * loaded here.
   */
  public Optional<String> readablePrompt(AnswerRecord record, AnswerContent content) {
    int[] prompt = content.prompt().stream().mapToInt(Integer::intValue).toArray();
    return Replays.isEmbedding(record)
        ? readableTexts(record, content)
        : engines.ofDigest(record.weightsDigest()).flatMap(engine -> engine.readable(prompt));
  }

  private Optional<String> readableTexts(AnswerRecord record, AnswerContent content) {
    String lengths = content.request();
    if (lengths == null || !record.weightsDigest().equals(BundledModel.PROFILE.digest())) {
      return Optional.empty();
    }
    try {
      if (embeddings.take(TURN_WAIT_MAX) instanceof EmbeddingPool.Turn.Taken(EmbeddingJob job)) {
        try (job) {
          var model = job.model();
          return Optional.of(
              EmbeddingBits.texts(lengths, content.prompt()).stream()
                  .map(model::readable)
                  .collect(Collectors.joining("\n")));
        }
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (TimeoutException | EmbeddingException e) {
      return Optional.empty();
    }
  }

  private Replayed inTurn(UUID tenantId, AnswerRecord record, AnswerContent content) {
    try {
      Optional<ReplayTurns.Turn> taken = turns.take(tenantId, TURN_WAIT_MAX);
      if (taken.isEmpty()) {
        return refused(record, Why.BUSY, "another replay is running; try again");
      }
      try (ReplayTurns.Turn _ = taken.orElseThrow()) {
        return Replays.isEmbedding(record)
            ? replayEmbedding(record, content)
            : replayAnswer(record, content);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refused(record, Why.ENGINE, "it was interrupted");
    }
  }

  private Replayed replayAnswer(AnswerRecord record, AnswerContent content)
      throws InterruptedException {
    Optional<Engine> engine = engines.ofDigest(record.weightsDigest());
    if (engine.isEmpty()) {
      return notLoaded(record);
    }
    boolean elsewhere = engine.orElseThrow().profile().parameters() == 0;
    return elsewhere
        ? refused(
            record, Why.ELSEWHERE, "another machine answered, whose weights nobody vouches for")
        : Replays.of(record, content, engine.orElseThrow(), TIME_MAX);
  }

  private Replayed replayEmbedding(AnswerRecord record, AnswerContent content)
      throws InterruptedException {
    if (!record.weightsDigest().equals(BundledModel.PROFILE.digest())) {
      return notLoaded(record);
    }
    if (!(embeddings.take(TIME_MAX) instanceof EmbeddingPool.Turn.Taken(EmbeddingJob job))) {
      return refused(record, Why.BUSY, "too many embeddings are being computed; try again");
    }
    try (job) {
      return Replays.of(record, content, job.model());
    } catch (TimeoutException | EmbeddingException e) {
      return refused(record, Why.ENGINE, "the embedding model is not available");
    }
  }

  private static Replayed notLoaded(AnswerRecord record) {
    return refused(
        record,
        Why.NO_WEIGHTS,
        "weights of digest " + record.weightsDigest() + " are not loaded here");
  }

  private static Replayed refused(AnswerRecord record, Why why, String reason) {
    return Replayed.without(record, new NotReplayable(why, reason));
  }
}
