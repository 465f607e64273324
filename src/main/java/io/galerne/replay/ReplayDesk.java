package io.galerne.replay;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerRecord;
import io.galerne.audit.AnswerRecords;
import io.galerne.embedding.BundledModel;
import io.galerne.embedding.EmbeddingException;
import io.galerne.embedding.EmbeddingJob;
import io.galerne.embedding.EmbeddingPool;
import io.galerne.engine.Engine;
import io.galerne.serving.EngineRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/** Replays answers with the weights that this process has loaded, one at a time. */
@Component
public class ReplayDesk {
  private static final Duration TIME_MAX = Duration.ofMinutes(1);

  private final AnswerRecords records;
  private final EngineRegistry engines;
  private final EmbeddingPool embeddings;
  private final Semaphore turn = new Semaphore(1);

  ReplayDesk(AnswerRecords records, EngineRegistry engines, EmbeddingPool embeddings) {
    this.records = records;
    this.engines = engines;
    this.embeddings = embeddings;
  }

  /** What comes of a request's answer, or empty if the tenant has no record of it. */
  public Optional<ReplayVerdict> replay(UUID tenantId, UUID requestId) {
    return records
        .find(tenantId, requestId)
        .map(
            record ->
                records
                    .content(tenantId, requestId)
                    .map(content -> replay(record, content))
                    .orElse(
                        new ReplayVerdict.NotReplayable(
                            "its content was not kept, or was shredded")));
  }

  private ReplayVerdict replay(AnswerRecord record, AnswerContent content) {
    if (!turn.tryAcquire()) {
      return new ReplayVerdict.NotReplayable("another replay is running; try again");
    }
    try {
      return Replays.isEmbedding(record)
          ? replayEmbedding(record, content)
          : replayAnswer(record, content);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ReplayVerdict.NotReplayable("it was interrupted");
    } finally {
      turn.release();
    }
  }

  private ReplayVerdict replayAnswer(AnswerRecord record, AnswerContent content)
      throws InterruptedException {
    Optional<Engine> engine = engines.ofDigest(record.weightsDigest());
    if (engine.isEmpty()) {
      return notLoaded(record);
    }
    boolean elsewhere = engine.orElseThrow().profile().parameters() == 0;
    return elsewhere
        ? new ReplayVerdict.NotReplayable(
            "another machine answered, whose weights nobody vouches for")
        : Replays.of(record, content, engine.orElseThrow());
  }

  private ReplayVerdict replayEmbedding(AnswerRecord record, AnswerContent content)
      throws InterruptedException {
    if (!record.weightsDigest().equals(BundledModel.PROFILE.digest())) {
      return notLoaded(record);
    }
    if (!(embeddings.take(TIME_MAX) instanceof EmbeddingPool.Turn.Taken(EmbeddingJob job))) {
      return new ReplayVerdict.NotReplayable("too many embeddings are being computed; try again");
    }
    try (job) {
      return Replays.of(record, content, job.model());
    } catch (TimeoutException | EmbeddingException e) {
      return new ReplayVerdict.NotReplayable("the embedding model is not available");
    }
  }

  private static ReplayVerdict notLoaded(AnswerRecord record) {
    return new ReplayVerdict.NotReplayable(
        "weights of digest " + record.weightsDigest() + " are not loaded here");
  }
}
