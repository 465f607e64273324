package io.galerne.serving;

import io.galerne.engine.TokenLogprobs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps answers until they are whole, as long as somebody waits for them. */
final class CollectedAnswers implements AnswerSink {
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final List<StringBuilder> texts = new ArrayList<>();
  private final List<List<TokenLogprobs>> logprobs = new ArrayList<>();
  private final Attendance attendance;
  private long lookedNanos = System.nanoTime();

  CollectedAnswers(int choices, Attendance attendance) {
    this.attendance = attendance;
    for (int i = 0; i < choices; i++) {
      texts.add(new StringBuilder());
      logprobs.add(new ArrayList<>());
    }
  }

  List<Answer.Text> texts() {
    List<Answer.Text> whole = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      whole.add(new Answer.Text(texts.get(i).toString(), logprobs.get(i)));
    }
    return whole;
  }

  @Override
  public void open() {}

  @Override
  public void text(AnswerPiece piece) throws IOException {
    texts.get(piece.choice()).append(piece.text());
    logprobs.get(piece.choice()).addAll(piece.logprobs());
    look();
  }

  @Override
  public Duration patience(Duration heartbeat) {
    return heartbeat.compareTo(LOOK_EVERY) < 0 ? heartbeat : LOOK_EVERY;
  }

  @Override
  public void idle() throws IOException {
    look();
  }

  private void look() throws IOException {
    if (System.nanoTime() - lookedNanos >= LOOK_EVERY.toNanos()) {
      lookedNanos = System.nanoTime();
      attendance.check();
    }
  }
}
