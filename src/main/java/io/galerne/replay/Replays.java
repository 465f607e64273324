package io.galerne.replay;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerContent.Said;
import io.galerne.audit.AnswerRecord;
import io.galerne.embedding.EmbeddingModel;
import io.galerne.engine.Engine;
import io.galerne.serving.EmbeddingBits;
import java.util.List;

/** From a record, its content and the weights to a verdict. */
final class Replays {
  private Replays() {}

  static boolean isEmbedding(AnswerRecord record) {
    return record.service().equals("EMBEDDING");
  }

  static ReplayVerdict of(AnswerRecord record, AnswerContent content, Engine engine)
      throws InterruptedException {
    ReplayVerdict kept = Comparison.content(record, content);
    if (!(kept instanceof ReplayVerdict.Equal)) {
      return kept;
    }
    GenerationReplay.Outcome outcome = new GenerationReplay(engine).answers(content);
    if (outcome.problem() != null) {
      return new ReplayVerdict.NotReplayable(outcome.problem());
    }
    List<Said> generated = content.generated();
    List<Said> written = generated == null ? content.answers() : generated;
    return Comparison.answers(record.requestId(), written, outcome.answers());
  }

  static ReplayVerdict of(AnswerRecord record, AnswerContent content, EmbeddingModel model) {
    ReplayVerdict kept = Comparison.content(record, content);
    String lengths = content.request();
    if (!(kept instanceof ReplayVerdict.Equal) || lengths == null) {
      return kept;
    }
    List<Said> vectors =
        EmbeddingBits.texts(lengths, content.prompt()).stream()
            .map(text -> new Said(EmbeddingBits.hex(model.vector(text)), List.of(), true))
            .toList();
    return Comparison.answers(record.requestId(), content.answers(), vectors);
  }
}
