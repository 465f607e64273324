package io.galerne.api;

import io.galerne.serving.AnswerPiece;
import io.galerne.serving.AnswerSink;
import io.galerne.serving.Ending;
import io.galerne.serving.GuardrailReport;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Turns answers into chunks. */
final class ChunkSink implements AnswerSink {
  private final AnswerHeading heading;
  private final AnswerShape shape;
  private final HttpServletResponse response;
  private final JsonMapper mapper;
  private final BitSet ended = new BitSet();
  private @Nullable EventStream events;

  ChunkSink(
      AnswerHeading heading, AnswerShape shape, HttpServletResponse response, JsonMapper mapper) {
    this.heading = heading;
    this.shape = shape;
    this.response = response;
    this.mapper = mapper;
  }

  private EventStream events() throws IOException {
    if (events == null) {
      events = EventStream.open(response, mapper);
    }
    return events;
  }

  @Override
  public void open() throws IOException {
    for (int choice = 0; choice < shape.choices(); choice++) {
      events().data(ChatChunk.first(heading, choice));
      if (!shape.prefix().isEmpty()) {
        text(new AnswerPiece(choice, shape.prefix(), List.of()));
      }
    }
  }

  @Override
  public void text(AnswerPiece piece) throws IOException {
    events().data(ChatChunk.text(heading, piece));
  }

  @Override
  public void finished(int choice, Ending.Choice end) throws IOException {
    ended.set(choice);
    events().data(ChatChunk.end(heading, choice, end, null));
  }

  @Override
  public void idle() throws IOException {
    events().ping();
  }

  /** The end of the answer that took the longest, with the usage of all. */
  void finish(
      Ending.Finished finished, @Nullable GuardrailReport block, List<GuardrailReport> passed)
      throws IOException {
    int last = ended.nextClearBit(0);
    ChatChunk end = ChatChunk.end(heading, last, finished.choices().get(last), Usage.of(finished));
    events().data(end.withGuardrails(block, passed));
    events().done();
  }

  /** No [DONE] after an error: some clients would take the answer for complete. */
  void fail(ErrorEnvelope error) throws IOException {
    events().data(error);
  }
}
