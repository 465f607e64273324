package io.galerne.engine;

import io.galerne.engine.sampling.Logprobs;
import io.galerne.engine.sampling.Sampler;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what the model thought of an answer's tokens until their text is told. */
final class AnswerLogprobs {
  private final Tokenizer tokenizer;
  private final int top;
  private final Deque<TokenLogprobs> untold = new ArrayDeque<>();
  private @Nullable TokenLogprobs drawn;
  private int told;

  /**
   * @param top how many of the likeliest tokens are told beside each
   */
  AnswerLogprobs(Tokenizer tokenizer, int top) {
    this.tokenizer = tokenizer;
    this.top = top;
  }

  /** Notes the token that was drawn, on the thread that drew it. */
  void note(Sampler sampler, float[] logits, int offset, int token) {
    Logprobs found = sampler.logprobs(logits, offset, token, top);
    List<TokenLogprobs.Candidate> likeliest = new ArrayList<>(found.tokens().length);
    for (int i = 0; i < found.tokens().length; i++) {
      likeliest.add(candidate(found.tokens()[i], found.values()[i]));
    }
    drawn = new TokenLogprobs(candidate(token, found.drawn()), likeliest);
  }

  private TokenLogprobs.Candidate candidate(int token, double logprob) {
    return new TokenLogprobs.Candidate(token, tokenizer.bytes(token), logprob);
  }

  /** The token that was drawn is the answer's next. */
  void append() {
    if (drawn == null) {
      throw new IllegalStateException("no token was drawn");
    }
    untold.addLast(drawn);
    drawn = null;
  }

  /** The next tokens' texts are told. */
  List<TokenLogprobs> take(int tokens) {
    List<TokenLogprobs> taken = new ArrayList<>(tokens);
    for (int i = 0; i < tokens; i++) {
      taken.add(untold.removeFirst());
    }
    told += tokens;
    return taken;
  }

  /** Nothing follows: those of the answer's tokens that are left. */
  List<TokenLogprobs> takeUntil(int answerTokens) {
    return take(Math.max(0, Math.min(untold.size(), answerTokens - told)));
  }
}
