package io.galerne.serving;

import io.galerne.catalog.ModelCard;
import io.galerne.engine.FinishReason;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.template.ToolCall;
import io.galerne.metering.TokenCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An admitted request whose answer is on its way. Call {@link #stream} or {@link #collect} once;
 * when it returns, the request is settled in the ledger.
 */
public final class Completion {
  private static final Logger log = LoggerFactory.getLogger(Completion.class);

  private final ModelCard card;
  private final Generation generation;
  private final Settlement settlement;
  private final ServingProperties bounds;
  private final boolean lengthIsContext;
  private final long deadlineNanos;
  private final List<ToolCall> toolCalls = new ArrayList<>();
  private boolean waitsForFirst = true;
  private int delivered;

  /**
   * @param lengthIsContext whether the context window, not the client, bounds the answer's length
   * @param deadlineNanos on the clock of {@link System#nanoTime}
   */
  Completion(
      ModelCard card,
      Generation generation,
      Settlement settlement,
      ServingProperties bounds,
      boolean lengthIsContext,
      long deadlineNanos) {
    this.card = card;
    this.generation = generation;
    this.settlement = settlement;
    this.bounds = bounds;
    this.lengthIsContext = lengthIsContext;
    this.deadlineNanos = deadlineNanos;
  }

  /** The model that answers. */
  public ModelCard card() {
    return card;
  }

  /**
   * Hands the answer over as it comes. What the sink accepted before a failure is charged; calls of
   * tools come with the end, so before it they were not accepted.
   */
  public Ending stream(AnswerSink sink) {
    Ending ending = relay(sink);
    return settle(ending, true, delivered);
  }

  /** Waits for the whole answer. A client that never sees an answer isn't charged for one. */
  public Answer collect() {
    StringBuilder text = new StringBuilder();
    Ending ending =
        relay(
            new AnswerSink() {
              @Override
              public void open() {}

              @Override
              public void text(String more) {
                text.append(more);
              }

              @Override
              public void idle() {}
            });
    return new Answer(text.toString(), settle(ending, false, 0));
  }

  private Ending settle(Ending ending, boolean stream, int deliveredTokens) {
    if (!(ending instanceof Ending.Finished)) {
      generation.cancel();
    }
    // an interrupted thread could not talk to the database
    boolean interrupted = Thread.interrupted();
    try {
      return settlement.settle(
          ending,
          stream,
          new TokenCounts(
              settlement.promptTokens(), generation.cachedPromptTokens(), deliveredTokens));
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
      Duration wait = left.compareTo(bounds.heartbeat()) < 0 ? left : bounds.heartbeat();
      switch (generation.next(wait)) {
        case null -> sink.idle();
        case GenerationEvent.Text(String text, int tokens) -> {
          noteFirst();
          sink.text(text);
          delivered += tokens;
        }
        case GenerationEvent.ToolCall(ToolCall call, int _) -> {
          noteFirst();
          toolCalls.add(call);
        }
        case GenerationEvent.Finished finished -> {
          return ending(finished);
        }
      }
    }
  }

  private void noteFirst() {
    if (waitsForFirst) {
      settlement.firstToken();
      waitsForFirst = false;
    }
  }

  private Ending ending(GenerationEvent.Finished finished) {
    return switch (finished.reason()) {
      case STOP, TOOL_CALLS, CONTEXT_FULL -> finished(finished.reason(), finished);
      case LENGTH ->
          finished(lengthIsContext ? FinishReason.CONTEXT_FULL : FinishReason.LENGTH, finished);
      case DEADLINE -> new Ending.Failed(Ending.Failure.TIMEOUT);
      // nobody but the reader cancels for a reason of its own: the engine is going down
      case CANCELLED, ERROR -> new Ending.Failed(Ending.Failure.ENGINE);
    };
  }

  private Ending finished(FinishReason reason, GenerationEvent.Finished finished) {
    return new Ending.Finished(
        reason,
        settlement.promptTokens(),
        finished.cachedPromptTokens(),
        finished.completionTokens(),
        toolCalls);
  }
}
