package io.galerne.serving;

import io.galerne.audit.AnswerContent;
import io.galerne.engine.template.ToolCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a client was sent, while it is sent. */
final class Transcript {
  private final List<StringBuilder> texts = new ArrayList<>();
  private final List<List<ToolCall>> calls = new ArrayList<>();
  private final List<Boolean> whole = new ArrayList<>();

  Transcript(int choices) {
    for (int i = 0; i < choices; i++) {
      texts.add(new StringBuilder());
      calls.add(List.of());
      whole.add(false);
    }
  }

  /** The sink, with what it accepts kept. */
  AnswerSink over(AnswerSink sink) {
    return new AnswerSink() {
      @Override
      public void open() throws IOException {
        sink.open();
      }

      @Override
      public void text(AnswerPiece piece) throws IOException {
        sink.text(piece);
        texts.get(piece.choice()).append(piece.text());
      }

      @Override
      public void finished(int choice, Ending.Choice end) throws IOException {
        sink.finished(choice, end);
        Transcript.this.finished(choice, end);
      }

      @Override
      public Duration patience(Duration heartbeat) {
        return sink.patience(heartbeat);
      }

      @Override
      public void idle() throws IOException {
        sink.idle();
      }
    };
  }

  /** The rest of an answer comes with its end. */
  void ended(Ending ending) {
    if (ending instanceof Ending.Finished finished) {
      for (int i = 0; i < calls.size(); i++) {
        finished(i, finished.choices().get(i));
      }
    }
  }

  private void finished(int choice, Ending.Choice end) {
    calls.set(choice, end.toolCalls());
    boolean atItsEnd =
        switch (end.reason()) {
          case STOP, TOOL_CALLS, LENGTH, CONTEXT_FULL -> true;
          case ALLOWANCE, DEADLINE, CANCELLED, ERROR -> false;
        };
    whole.set(choice, atItsEnd);
  }

  List<AnswerContent.Said> answers() {
    List<AnswerContent.Said> answers = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      answers.add(said(texts.get(i), calls.get(i), whole.get(i)));
    }
    return answers;
  }

  static AnswerContent.Said said(CharSequence text, List<ToolCall> calls, boolean whole) {
    return new AnswerContent.Said(
        text.toString(),
        calls.stream().map(call -> new AnswerContent.Call(call.name(), call.arguments())).toList(),
        whole);
  }
}
