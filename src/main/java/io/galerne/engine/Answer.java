package io.galerne.engine;

import io.galerne.engine.sampling.Sampler;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.Sequence;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.tokenizer.StreamDecoder;
import io.galerne.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
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
  private final TokenAllowance allowance;

  private final @Nullable Sequence leader;

  /** Null where everything is allowed. */
  private final @Nullable Guide guide;

  /** Null where there can't be calls. */
  private final @Nullable CallReader calls;

  /** Null where nobody asked for them. */
  private final @Nullable AnswerLogprobs logprobs;

  private final Speculation speculation = new Speculation();

  private int drawn;

  /** Used again for every token that comes alone. */
  private final int[] single = new int[1];

  private int[] forced = NONE;
  private int appended;

  /** Tokens that wait for the allowance; the first of them are granted. */
  private int[] held = NONE;

  private int granted;

  /** Forced tokens that the model hasn't read yet. */
  private int unread;

  /** Tokens that need no draw and are yet taken one by one, for the probability of each. */
  private int[] owed = NONE;

  private int owedTaken;

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
      TokenAllowance allowance,
      @Nullable Sequence leader,
      @Nullable Guide guide,
      @Nullable CallReader calls) {
    int topLogprobs = sequence.sampling().topLogprobs();
    this.logprobs = topLogprobs < 0 ? null : new AnswerLogprobs(tokenizer, topLogprobs);
    this.sequence = sequence;
    this.tokenizer = tokenizer;
    this.text = text;
    this.stream = stream;
    this.bound = bound;
    this.allowance = allowance;
    this.leader = leader;
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
    boolean isDocument = constraint != null && constraint.format().asksForDocument();
    var decoder = isDocument ? new StreamDecoder() : StreamDecoder.after(tokenizer, prompt);
    SamplingParams sampling = request.sampling();
    var text = new AnswerText(sampling.stop(), decoder, sampling.adjustments().minTokens());
    Sequence leader = request.leader() instanceof AnswerStream first ? first.sequence() : null;
    var answer =
        new Answer(
            sequence, tokenizer, text, stream, bound, request.allowance(), leader, guide, calls);
    answer.begin();
    return answer;
  }

  Sequence sequence() {
    return sequence;
  }

  /** The sequence whose prompt this one waits for, null for none. */
  @Nullable Sequence leader() {
    return leader;
  }

  @Nullable Guide guide() {
    return guide;
  }

  Speculation speculation() {
    return speculation;
  }

  /**
   * How many tokens may be guessed beyond the one that the next step draws. A grammar's answers
   * have tokens of their own that need no draw.
   */
  int guessesMax() {
    return guide == null ? bound.tokens() - sequence.generated() - 1 : 0;
  }

  /** Whether the last token of the answer is the one that was guessed, so that a draw follows. */
  boolean isConfirmed() {
    return ending == null
        && held.length == 0
        && speculation.confirms(sequence.token(sequence.length() - 1));
  }

  /**
   * Draws the next token, and finds those after it that need no draw.
   *
   * @param logits {@code [vocabulary]} from {@code offset}
   */
  void draw(Sampler sampler, EngineProbe probe, float[] logits, int offset) {
    forced = NONE;
    if (owedTaken < owed.length) {
      drawn = owed[owedTaken++];
    } else {
      drawFresh(sampler, probe, logits, offset);
    }
    if (logprobs != null && ending == null) {
      logprobs.note(sampler, logits, offset, drawn);
    }
  }

  private void drawFresh(Sampler sampler, EngineProbe probe, float[] logits, int offset) {
    SamplingParams params = sequence.sampling();
    float[] adjusted = logits;
    int start = offset;
    if (params.adjustments().changesLogits()) {
      adjusted = sampler.adjusted(logits, offset, params.adjustments(), sequence);
      start = 0;
    }
    if (guide == null) {
      drawn = sampler.sample(adjusted, start, params, sequence.generated());
      return;
    }
    try {
      long[] allowed = guide.allowed();
      probe.mask(sequence, allowed);
      drawn = sampler.sample(adjusted, start, params, sequence.generated(), allowed);
      if (drawn < 0) {
        throw new IllegalStateException("a grammar allows no token");
      }
      followWith(guide.take(drawn, bound.tokens() - sequence.generated() - 1));
    } catch (RuntimeException e) {
      // A grammar is one answer's own: the others of the step go on.
      LOG.log(System.Logger.Level.ERROR, "an answer left its grammar; it ends", e);
      ending = FinishReason.ERROR;
    }
  }

  private void begin() {
    if (guide != null) {
      followWith(guide.begin(bound.tokens()));
      // nothing is computed yet that could rest: what isn't granted at once is denied
      if (forced.length > 0 && !appendGranted(forced)) {
        deny();
      }
    }
  }

  /** Tokens that need no draw come next. */
  private void followWith(int[] tokens) {
    if (logprobs == null) {
      forced = tokens;
    } else {
      owed = tokens;
      owedTaken = 0;
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
    if (forced.length == 0) {
      single[0] = drawn;
      appendGranted(single);
      return;
    }
    int[] tokens = new int[1 + forced.length];
    tokens[0] = drawn;
    System.arraycopy(forced, 0, tokens, 1, forced.length);
    appendGranted(tokens);
  }

  /** Whether tokens were drawn that the allowance has neither granted nor denied. */
  boolean isHeld() {
    return held.length > 0;
  }

  /** Asks the allowance again; returns whether it said something. */
  boolean proceed() {
    return appendGranted(held);
  }

  /** Appends all of the tokens once all are granted, and only those before the denied one. */
  private boolean appendGranted(int[] tokens) {
    appended = 0;
    held = tokens;
    while (granted < held.length) {
      switch (allowance.take()) {
        case GRANTED -> granted++;
        case NOT_YET -> {
          return false;
        }
        case DENIED -> {
          deny();
          return true;
        }
      }
    }
    held = NONE;
    granted = 0;
    appended = append(tokens);
    return true;
  }

  private void deny() {
    int[] before = Arrays.copyOf(held, granted);
    held = NONE;
    granted = 0;
    appended = append(before);
    if (ending == null) {
      ending = FinishReason.ALLOWANCE;
    }
  }

  private int append(int[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      sequence.append(tokens[i]);
      if (logprobs != null) {
        logprobs.append();
      }
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
    if (guide != null && owedTaken == owed.length && guide.isFinished()) {
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
      tellText(true);
    }
    for (ToolCall call : calls.takeCalls()) {
      int ofCall = text.releaseAllTokens();
      logprobs(ofCall);
      stream.append(new GenerationEvent.ToolCall(call, ofCall));
    }
    return false;
  }

  /** Why the answer ends with what was taken, null where it goes on. */
  @Nullable FinishReason ending() {
    return ending;
  }

  /** Tells the reader what became certain. */
  void tell() {
    tellText(false);
  }

  private void tellText(boolean finished) {
    String piece = text.release(finished);
    int tokens = text.releaseTokens();
    stream.append(piece, tokens, logprobs(tokens));
  }

  private List<TokenLogprobs> logprobs(int tokens) {
    return logprobs == null ? List.of() : logprobs.take(tokens);
  }

  /** Nothing follows: tells the reader what is left. */
  void finish() {
    if (calls != null) {
      text.appendText(calls.rest());
    }
    text.finish();
    tellText(true);
    if (logprobs != null && (calls == null || !calls.hasCalled())) {
      stream.append("", 0, logprobs.takeUntil(text.completionTokens()));
    }
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
