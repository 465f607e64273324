package io.galerne.serving;

import io.galerne.engine.TokenLogprobs;
import java.util.ArrayList;
import java.util.List;

/** Keeps answers until they are whole. */
final class CollectedAnswers implements AnswerSink {
  private final List<StringBuilder> texts = new ArrayList<>();
  private final List<List<TokenLogprobs>> logprobs = new ArrayList<>();

  CollectedAnswers(int choices) {
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
  public void text(AnswerPiece piece) {
    texts.get(piece.choice()).append(piece.text());
    logprobs.get(piece.choice()).addAll(piece.logprobs());
  }

  @Override
  public void idle() {}
}
