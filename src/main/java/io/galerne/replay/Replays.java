package io.galerne.replay;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerContent.Said;
import io.galerne.audit.AnswerRecord;
import io.galerne.embedding.EmbeddingModel;
import io.galerne.engine.Engine;
import io.galerne.serving.EmbeddingBits;
import java.time.Duration;
import java.util.List;

/** From a record, its content and the weights to a verdict. */
final class Replays {
  private Replays() {}

  static boolean isEmbedding(AnswerRecord record) {
    return record.service().equals("EMBEDDING");
  }

  /**
   * @param timeMax for each of the answers
   */
  static Replayed of(AnswerRecord record, AnswerContent content, Engine engine, Duration timeMax)
      throws InterruptedException {
    ReplayVerdict kept = Comparison.content(record, content);
    if (!(kept instanceof ReplayVerdict.Equal)) {
      return new Replayed(record, kept, content.answers(), List.of());
    }
    GenerationReplay.Outcome outcome = new GenerationReplay(engine, timeMax).answers(content);
    List<Said> generated = content.generated();
    List<Said> written = generated == null ? content.answers() : generated;
    ReplayVerdict problem = outcome.problem();
    return new Replayed(
        record,
        problem == null
            ? Comparison.answers(record.requestId(), written, outcome.answers())
            : problem,
        written,
        outcome.answers());
  }

  static Replayed of(AnswerRecord record, AnswerContent content, EmbeddingModel model) {
    ReplayVerdict kept = Comparison.content(record, content);
    String lengths = content.request();
    if (!(kept instanceof ReplayVerdict.Equal) || lengths == null) {
      return new Replayed(record, kept, content.answers(), List.of());
    }
    List<Said> vectors =
        EmbeddingBits.texts(lengths, content.prompt()).stream()
            .map(text -> new Said(EmbeddingBits.hex(model.vector(text)), List.of(), true))
            .toList();
    return new Replayed(
        record,
        Comparison.answers(record.requestId(), content.answers(), vectors),
        content.answers(),
        vectors);
  }
}
