package io.galerne.engine;

import io.galerne.engine.sampling.Sampler;
import io.galerne.engine.scheduler.Sequence;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.tokenizer.StreamDecoder;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An answer in progress: from logits to tokens, from tokens to what its reader is told. */
final class Answer {
  private static final System.Logger LOG = System.getLogger(Answer.class.getName());
  private static final int[] NONE = {};

  private final Sequence sequence;
  private final Tokenizer tokenizer;
  private final AnswerText text;
  private final AnswerStream stream;
  private final Bound bound;

  /** Null where everything is allowed. */
  private final @Nullable Guide guide;

  /** Null where there can't be calls. */
  private final @Nullable CallReader calls;

  private int drawn;
  private int[] forced = NONE;
  private int appended;

  /** Forced tokens that the model hasn't read yet. */
  private int unread;

  private @Nullable FinishReason ending;

  /**
   * The most tokens of an answer.
   *
   * @param ofContext whether it is the context that leaves no more room
   */
  record Bound(int tokens, boolean ofContext) {}

  private Answer(
      Sequence sequence,
      Tokenizer tokenizer,
      AnswerText text,
      AnswerStream stream,
      Bound bound,
      @Nullable Guide guide,
      @Nullable CallReader calls) {
    this.sequence = sequence;
    this.tokenizer = tokenizer;
    this.text = text;
    this.stream = stream;
    this.bound = bound;
    this.guide = guide;
    this.calls = calls;
  }

  /** The answer to a request, with the tokens that come first whatever the model says. */
  static Answer to(
      GenerationRequest request,
      Sequence sequence,
      Tokenizer tokenizer,
      AnswerStream stream,
      Bound bound) {
    Constraint constraint = request.constraint();
    int[] prompt = request.promptTokens();
    long seed = request.sampling().seed() * 31 + Arrays.hashCode(prompt);
    Guide guide = constraint == null ? null : constraint.guide();
    CallReader calls = constraint == null ? null : constraint.callReader(seed);
    // A document has the blank that it begins with; a text may not.
    boolean isDocument = guide != null && calls == null;
    var decoder = isDocument ? new StreamDecoder() : StreamDecoder.after(tokenizer, prompt);
    var text = new AnswerText(request.sampling().stop(), decoder);
    var answer = new Answer(sequence, tokenizer, text, stream, bound, guide, calls);
    answer.begin();
    return answer;
  }

  Sequence sequence() {
    return sequence;
  }

  @Nullable Guide guide() {
    return guide;
  }

  /**
   * Draws the next token, and finds those after it that need no draw.
   *
   * @param logits {@code [vocabulary]} from {@code offset}
   */
  void draw(Sampler sampler, EngineProbe probe, float[] logits, int offset) {
    forced = NONE;
    if (guide == null) {
      drawn = sampler.sample(logits, offset, sequence.sampling(), sequence.generated());
      return;
    }
    try {
      long[] allowed = guide.allowed();
      probe.mask(sequence, allowed);
      drawn = sampler.sample(logits, offset, sequence.sampling(), sequence.generated(), allowed);
      if (drawn < 0) {
        throw new IllegalStateException("a grammar allows no token");
      }
      forced = guide.take(drawn, bound.tokens() - sequence.generated() - 1);
    } catch (RuntimeException e) {
      // A grammar is one answer's own: the others of the step go on.
      LOG.log(System.Logger.Level.ERROR, "an answer left its grammar; it ends", e);
      ending = FinishReason.ERROR;
    }
  }

  private void begin() {
    if (guide != null) {
      forced = guide.begin(bound.tokens());
      if (forced.length > 0) {
        appended = append(forced);
      }
    }
  }

  /** Takes what was drawn, and what follows from it. */
  void take() {
    appended = 0;
    stream.cachedPromptTokens(sequence.cachedPromptTokens());
    if (ending != null) {
      return;
    }
    if (tokenizer.isEndOfGeneration(drawn)) {
      ending = atEnd();
      return;
    }
    int[] tokens = new int[1 + forced.length];
    tokens[0] = drawn;
    System.arraycopy(forced, 0, tokens, 1, forced.length);
    appended = append(tokens);
  }

  private int append(int[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      sequence.append(tokens[i]);
      if (read(tokens[i])) {
        ending = FinishReason.STOP;
        return i + 1;
      }
      if (calls != null && calls.repeats()) {
        ending = atEnd();
        return i + 1;
      }
    }
    unread += forced.length;
    if (guide != null && guide.isFinished()) {
      ending = atEnd();
    } else if (sequence.generated() >= bound.tokens()) {
      ending = bound.ofContext() ? FinishReason.CONTEXT_FULL : FinishReason.LENGTH;
    }
    return tokens.length;
  }

  /** Tokens that the last step added to the answer. */
  int appended() {
    return appended;
  }

  /** Of tokens that a step computes without drawing, those that are the answer's and new. */
  int countUnread(int computed) {
    int count = Math.min(unread, computed);
    unread -= count;
    return count;
  }

  private FinishReason atEnd() {
    return calls != null && calls.hasCalled() ? FinishReason.TOOL_CALLS : FinishReason.STOP;
  }

  /** Reads a token; returns whether it completes a stop text. */
  private boolean read(int token) {
    if (calls == null || guide == null) {
      return text.append(tokenizer.bytes(token));
    }
    boolean wasText = !calls.inCalls();
    byte[] ofText = calls.read(guide.bytes(token));
    boolean stopped = text.append(ofText, calls.holdsBack());
    if (stopped) {
      return true;
    }
    if (wasText && calls.inCalls()) {
      text.finish();
      stream.append(text.release(true), text.releaseTokens());
    }
    for (ToolCall call : calls.takeCalls()) {
      stream.append(new GenerationEvent.ToolCall(call, text.releaseAllTokens()));
    }
    return false;
  }

  /** Why the answer ends with what was taken, null where it goes on. */
  @Nullable FinishReason ending() {
    return ending;
  }

  /** Tells the reader what became certain. */
  void tell() {
    stream.append(text.release(false), text.releaseTokens());
  }

  /** Nothing follows: tells the reader what is left. */
  void finish() {
    if (calls != null) {
      text.appendText(calls.rest());
    }
    text.finish();
    stream.append(text.release(true), text.releaseTokens());
  }

  /** Tells the reader the end. */
  void finished(FinishReason reason) {
    stream.finish(
        new GenerationEvent.Finished(
            reason,
            sequence.promptLength(),
            sequence.cachedPromptTokens(),
            text.completionTokens()));
  }
}
