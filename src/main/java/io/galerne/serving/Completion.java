package io.galerne.serving;

import io.galerne.audit.AnswerContent;
import io.galerne.catalog.ModelCard;
import io.galerne.engine.FinishReason;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.TokenLogprobs;
import io.galerne.engine.template.ToolCall;
import io.galerne.journal.Deliveries;
import io.galerne.limits.RateState;
import io.galerne.metering.TokenCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An admitted request whose answer is on its way. Call {@link #stream} or {@link #collect} once;
 * when it returns, the request is settled in the ledger.
 */
public final class Completion {
  private static final Logger log = LoggerFactory.getLogger(Completion.class);

  private static final int PIECE_TOKENS_MAX = Deliveries.UNNOTED_MAX / 2;

  private final ModelCard card;
  private final Choices choices;
  private final List<GuardedGeneration> guarded;
  private final Settlement settlement;
  private final ServingProperties bounds;
  private final boolean lengthIsContext;
  private final long deadlineNanos;
  private final List<GuardrailReport> reports;
  private final List<List<ToolCall>> toolCalls = new ArrayList<>();

  /** Null for those that go on. */
  private final Ending.@Nullable Choice[] ends;

  private final int[] deliveredOf;
  private boolean waitsForFirst = true;
  private int ended;
  private int completionTokens;
  private int promptTokens;
  private int cachedPromptTokens;
  private Deliveries deliveries = Deliveries.UNNOTED;
  private RequestTrace trace = RequestTrace.NONE;

  /**
   * @param lengthIsContext whether the context window, not the client, bounds the answer's length
   * @param deadlineNanos on the clock of {@link System#nanoTime}
   * @param reports of guardrails that let the request pass
   */
  Completion(
      ModelCard card,
      List<Generation> generations,
      Settlement settlement,
      ServingProperties bounds,
      boolean lengthIsContext,
      long deadlineNanos,
      List<GuardrailReport> reports) {
    this.reports = reports;
    this.card = card;
    this.choices = new Choices(generations);
    this.guarded =
        generations.stream()
            .filter(GuardedGeneration.class::isInstance)
            .map(GuardedGeneration.class::cast)
            .toList();
    this.ends = new Ending.@Nullable Choice[generations.size()];
    this.deliveredOf = new int[generations.size()];
    for (int i = 0; i < generations.size(); i++) {
      toolCalls.add(new ArrayList<>());
    }
    this.settlement = settlement;
    this.promptTokens = settlement.promptTokens();
    this.bounds = bounds;
    this.lengthIsContext = lengthIsContext;
    this.deadlineNanos = deadlineNanos;
  }

  /** The spans of the request end with it. */
  void followedBy(RequestTrace spans) {
    trace = spans;
    trace.admitted(card);
  }

  /** The model that answers. */
  public ModelCard card() {
    return card;
  }

  /** What the guardrails that the request asked for said of it, in its order. */
  public List<GuardrailReport> reports() {
    return reports;
  }

  /** The state of the caller's rates after this request. */
  public RateState rates() {
    return settlement.reservation().rates();
  }

  /** Why a policy cut an answer, once all have ended; null where none did. */
  public @Nullable GuardrailReport block() {
    return guarded.stream()
        .map(each -> each.guard().block())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * Hands the answer over as it comes. What the sink accepted before a failure is charged; calls of
   * tools come with the end, so before it they were not accepted.
   */
  public Ending stream(AnswerSink sink) {
    deliveries = settlement.reservation().deliveries();
    Transcript transcript = new Transcript(choices.count());
    Ending ending = relay(transcript.over(sink));
    transcript.ended(ending);
    deliveries.close();
    return settle(ending, true, Arrays.stream(deliveredOf).sum(), said(transcript));
  }

  /** As {@link #collect(Attendance)}, for an answer that is wanted in any case. */
  public Answer collect() {
    return collect(Attendance.ASSUMED);
  }

  /**
   * Waits for the whole answer, and gives up once nobody waits for it. A client that never sees an
   * answer isn't charged for one.
   */
  public Answer collect(Attendance attendance) {
    CollectedAnswers collected = new CollectedAnswers(choices.count(), attendance);
    Transcript transcript = new Transcript(choices.count());
    Ending ending = relay(transcript.over(collected));
    transcript.ended(ending);
    boolean whole = ending instanceof Ending.Finished;
    Settlement.Said said = said(whole ? transcript : new Transcript(choices.count()));
    return new Answer(collected.texts(), settle(unseen(ending), false, 0, said));
  }

  /** Nothing of a blocked answer in one body is delivered, whatever would have been of a stream. */
  private Ending unseen(Ending ending) {
    boolean free = guarded.stream().anyMatch(each -> each.blocked() && !each.chargesGenerated());
    return free && ending instanceof Ending.Finished finished
        ? new Ending.Finished(
            finished.choices(), finished.promptTokens(), finished.cachedPromptTokens(), 0)
        : ending;
  }

  private Settlement.Said said(Transcript transcript) {
    List<AnswerContent.Said> sent = transcript.answers();
    if (guarded.isEmpty()) {
      return new Settlement.Said(sent, null);
    }
    List<AnswerContent.Said> written = guarded.stream().map(GuardedGeneration::written).toList();
    return new Settlement.Said(sent, written.equals(sent) ? null : written);
  }

  private Ending settle(Ending ending, boolean stream, int deliveredTokens, Settlement.Said said) {
    if (!(ending instanceof Ending.Finished)) {
      choices.cancel();
    }
    choices.close();
    // an interrupted thread could not talk to the database
    boolean interrupted = Thread.interrupted();
    long settlingNanos = System.nanoTime();
    TokenCounts delivered =
        new TokenCounts(settlement.promptTokens(), choices.cachedPromptTokens(), deliveredTokens);
    try {
      guarded.forEach(each -> each.guard().settled());
      Ending settled = settlement.settle(ending, stream, delivered, said);
      boolean single = choices.count() == 1 && settled instanceof Ending.Finished;
      settlement.timed(choices.times(), single ? completionTokens : 0);
      trace.ended(settled, delivered, choices.times(), settlingNanos);
      return settled;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Ending relay(AnswerSink sink) {
    try {
      sink.open();
      return relayEvents(sink);
    } catch (IOException e) {
      log.debug("The client went away: {}", e.toString());
      return new Ending.Disconnected();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ending.Failed(Ending.Failure.ENGINE);
    } catch (RuntimeException | Error e) {
      log.error("A completion failed", e);
      return new Ending.Failed(Ending.Failure.ENGINE);
    }
  }

  private Ending relayEvents(AnswerSink sink) throws IOException, InterruptedException {
    while (true) {
      Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
      if (!left.isPositive()) {
        return new Ending.Failed(Ending.Failure.TIMEOUT);
      }
      Duration patience = sink.patience(bounds.heartbeat());
      Duration wait = left.compareTo(patience) < 0 ? left : patience;
      Choices.Event next = choices.next(wait);
      if (next == null) {
        sink.idle();
        continue;
      }
      int choice = next.choice();
      switch (next.event()) {
        case GenerationEvent.Text(String text, int tokens, List<TokenLogprobs> logprobs) -> {
          noteFirst();
          deliver(sink, new AnswerPiece(choice, text, logprobs), tokens);
        }
        case GenerationEvent.ToolCall(ToolCall call, int _) -> {
          noteFirst();
          toolCalls.get(choice).add(call);
        }
        case GenerationEvent.Finished finished -> {
          Ending ending = end(choice, finished, sink);
          if (ending != null) {
            return ending;
          }
        }
      }
    }
  }

  /**
   * Hands text over in pieces that the journal can note. Text that had piled up is cut evenly; a
   * piece counts the tokens that are whole within it.
   */
  private void deliver(AnswerSink sink, AnswerPiece whole, int tokens)
      throws IOException, InterruptedException {
    String text = whole.text();
    int pieces = whole.logprobs().isEmpty() ? Math.ceilDiv(tokens, PIECE_TOKENS_MAX) : 1;
    if (pieces <= 1) {
      deliverPiece(sink, whole, tokens);
      return;
    }
    int from = 0;
    for (int i = 1; i <= pieces; i++) {
      int to = i == pieces ? text.length() : cut(text, (int) ((long) text.length() * i / pieces));
      int count = (int) ((long) tokens * i / pieces - (long) tokens * (i - 1) / pieces);
      String part = text.substring(from, to);
      deliverPiece(sink, new AnswerPiece(whole.choice(), part, whole.logprobs()), count);
      from = to;
    }
  }

  private void deliverPiece(AnswerSink sink, AnswerPiece piece, int tokens)
      throws IOException, InterruptedException {
    deliveries.before(Math.min(tokens, Deliveries.UNNOTED_MAX));
    if (!piece.text().isEmpty() || !piece.logprobs().isEmpty()) {
      sink.text(piece); // what a guard covers up may leave tokens without text
    }
    deliveredOf[piece.choice()] += tokens;
    deliveries.delivered(tokens, choices.cachedPromptTokens());
  }

  /** Not within a character. */
  private static int cut(String text, int at) {
    boolean within = at < text.length() && Character.isLowSurrogate(text.charAt(at));
    return within ? at + 1 : at;
  }

  private void noteFirst() {
    if (waitsForFirst) {
      settlement.firstToken();
      waitsForFirst = false;
    }
  }

  /** One answer ended; null where others go on. */
  private @Nullable Ending end(int choice, GenerationEvent.Finished finished, AnswerSink sink)
      throws IOException {
    switch (finished.reason()) {
      case STOP, TOOL_CALLS, CONTEXT_FULL, ALLOWANCE -> finish(choice, finished.reason(), finished);
      case LENGTH ->
          finish(
              choice, lengthIsContext ? FinishReason.CONTEXT_FULL : FinishReason.LENGTH, finished);
      case DEADLINE -> {
        return new Ending.Failed(Ending.Failure.TIMEOUT);
      }
      // nobody but the reader cancels for a reason of its own: the engine is going down
      case CANCELLED -> {
        return new Ending.Failed(Ending.Failure.ENGINE);
      }
      case ERROR -> {
        if (guarded.isEmpty() || !guarded.get(choice).blocked()) {
          return new Ending.Failed(Ending.Failure.ENGINE);
        }
        finish(choice, FinishReason.ERROR, finished);
      }
    }
    if (++ended == ends.length) {
      return new Ending.Finished(
          Arrays.stream(ends).map(Objects::requireNonNull).toList(),
          promptTokens,
          cachedPromptTokens,
          completionTokens);
    }
    sink.finished(choice, Objects.requireNonNull(ends[choice]));
    // calls, and tokens that a stop text cut in two, are delivered with the end
    int more = finished.completionTokens() - deliveredOf[choice];
    deliveredOf[choice] = finished.completionTokens();
    deliveries.delivered(Math.max(0, more), choices.cachedPromptTokens());
    return null;
  }

  private void finish(int choice, FinishReason reason, GenerationEvent.Finished finished) {
    ends[choice] = new Ending.Choice(reason, toolCalls.get(choice));
    completionTokens += finished.completionTokens();
    if (choice == 0) {
      cachedPromptTokens = finished.cachedPromptTokens();
      if (finished.promptTokens() > 0) { // a backend may have counted fewer than were reserved
        promptTokens = Math.min(promptTokens, finished.promptTokens());
      }
    }
  }
}
