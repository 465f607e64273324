package io.galerne.remote;

import io.galerne.engine.AnswerBuffer;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.GenerationTimes;
import io.galerne.engine.TokenAllowance;
import io.galerne.engine.template.ToolCall;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer from a backend on a thread of its own. Each token is asked for before its text
 * is handed on, as the engine's own are; when there may be no more, the connection is closed and
 * the backend stops. A backend that breaks off before its first word is left for another one:
 * nothing of the answer was handed on, so that nothing is told twice.
 */
final class RemoteAnswer extends AnswerBuffer implements Runnable {
  private static final System.Logger LOG = System.getLogger(RemoteAnswer.class.getName());
  private static final long ALLOWANCE_POLL_MILLIS = 2;

  private final GenerationRequest request;
  private final RemoteSettings settings;
  private final Others others;
  private final CrossCheck check;
  private final CallCollector calls = new CallCollector();
  private final StringBuilder text = new StringBuilder();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final int expectedMax;
  private volatile Replicas.Answering answering;
  private int expectedTokens;
  private int taken;
  private Piece.@Nullable Usage usage;
  private @Nullable String finishReason;

  /** Asks those that were not asked yet. */
  @FunctionalInterface
  interface Others {
    Replicas.Outcome ask(Set<Replica> asked);
  }

  RemoteAnswer(
      GenerationRequest request,
      RemoteSettings settings,
      Replicas.Answering answering,
      Others others,
      CrossCheck check,
      int expectedTokens) {
    this.request = request;
    this.settings = settings;
    this.answering = answering;
    this.others = others;
    this.check = check;
    this.expectedMax = expectedTokens;
    this.expectedTokens = expectedTokens;
  }

  @Override
  public void cancel() {
    cancelled.countDown();
    answering.response().cancel();
  }

  @Override
  public GenerationTimes times() {
    return new GenerationTimes(answering.startedNanos(), firstAppendNanos(), finishedNanos());
  }

  @Override
  public void run() {
    FinishReason reason = answer();
    try {
      while (reason == FinishReason.ERROR && taken == 0 && text.isEmpty() && another()) {
        reason = answer();
      }
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "no other backend could be asked", e);
    } finally {
      finish(reason); // in any case: somebody waits for it
    }
  }

  private boolean another() {
    if (cancelled.getCount() == 0 || expired()) {
      return false;
    }
    return switch (others.ask(answering.asked())) {
      case Replicas.NoneTakes _ -> false;
      case Replicas.Answering next -> {
        answering = next;
        expectedTokens = expectedMax;
        usage = null;
        finishReason = null;
        if (cancelled.getCount() == 0) { // before it could know of this one
          next.response().cancel();
        }
        yield true;
      }
    };
  }

  private FinishReason answer() {
    Replica replica = answering.replica();
    FinishReason reason;
    try {
      reason = read();
      replica.succeeded(answering.startedNanos());
    } catch (IOException e) {
      reason = broken(e);
    } catch (InterruptedException _) {
      reason = FinishReason.CANCELLED;
      replica.succeeded(answering.startedNanos());
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "an answer from " + replica + " failed", e);
      reason = FinishReason.ERROR;
      replica.failed(answering.startedNanos(), new IOException(e));
    } finally {
      answering.response().close();
      replica.leave(expectedTokens);
    }
    return reason;
  }

  private FinishReason broken(IOException reason) {
    Replica replica = answering.replica();
    if (cancelled.getCount() == 0) {
      replica.succeeded(answering.startedNanos());
      return expired() ? FinishReason.DEADLINE : FinishReason.CANCELLED;
    }
    LOG.log(System.Logger.Level.WARNING, "{0} broke off: {1}", replica, reason.toString());
    replica.failed(answering.startedNanos(), reason);
    return FinishReason.ERROR;
  }

  private boolean expired() {
    return request.terms().expired(System.nanoTime());
  }

  private FinishReason read() throws IOException, InterruptedException {
    PieceReader pieces = new PieceReader(answering.response().body());
    for (Piece piece = pieces.next(); piece != null; piece = pieces.next()) {
      if (expired()) {
        return FinishReason.DEADLINE;
      }
      for (Piece.CallPart part : piece.calls()) {
        calls.add(part);
      }
      finishReason = piece.finishReason() != null ? piece.finishReason() : finishReason;
      int tokens = tokens(piece);
      if (!take(tokens)) {
        return FinishReason.ALLOWANCE;
      }
      text.append(piece.text());
      append(piece.text(), piece.calls().isEmpty() ? tokens : 0, List.of());
    }
    if (!pieces.complete() && finishReason == null) {
      throw new IOException("the stream ended before the answer did");
    }
    return settle();
  }

  /** The tokens of a piece: what the backend counted, or else our own count. */
  private int tokens(Piece piece) {
    Piece.Usage told = piece.usage();
    if (told != null) {
      usage = told;
      cachedPromptTokens(told.cachedPromptTokens());
      return settings.dialect().tellsUsageOfPieces()
          ? Math.max(0, told.completionTokens() - taken)
          : 0;
    }
    int tokens = settings.vocabulary().count(piece.text());
    for (Piece.CallPart part : piece.calls()) {
      tokens += settings.vocabulary().count(part.name() + part.arguments());
    }
    return tokens;
  }

  private boolean take(int tokens) throws InterruptedException {
    TokenAllowance allowance = request.allowance();
    for (int i = 0; i < tokens; i++) {
      TokenAllowance.Verdict verdict = allowance.take();
      while (verdict == TokenAllowance.Verdict.NOT_YET) {
        if (cancelled.await(ALLOWANCE_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new InterruptedException("cancelled");
        }
        verdict = allowance.take();
      }
      if (verdict == TokenAllowance.Verdict.DENIED) {
        return false;
      }
      taken++;
    }
    answering.replica().worked(Math.min(tokens, expectedTokens));
    expectedTokens -= Math.min(tokens, expectedTokens);
    return true;
  }

  /** The answer is whole: what it is charged is known. */
  private FinishReason settle() throws IOException, InterruptedException {
    List<ToolCall> whole = calls.take(request.sampling().seed());
    int charged = check.charged(usage, text.toString(), whole, taken, request.sampling());
    if (!take(Math.max(0, charged - taken))) {
      return FinishReason.ALLOWANCE;
    }
    taken = charged;
    int perCall = whole.isEmpty() ? 0 : charged / whole.size();
    whole.forEach(call -> append(new GenerationEvent.ToolCall(call, perCall)));
    if (!whole.isEmpty()) {
      return FinishReason.TOOL_CALLS;
    }
    return switch (finishReason == null ? "stop" : finishReason) {
      case "length" -> FinishReason.LENGTH;
      case "model_length" -> FinishReason.CONTEXT_FULL;
      case "stop", "tool_calls", "eos" -> FinishReason.STOP;
      default -> throw new IOException("the backend ended with " + finishReason);
    };
  }

  private void finish(FinishReason reason) {
    Piece.Usage told = usage;
    int prompt = check.promptTokens(told, request.promptTokens().length);
    int cached = told == null ? 0 : Math.min(told.cachedPromptTokens(), prompt);
    check.ended(taken);
    finish(new GenerationEvent.Finished(reason, prompt, cached, taken));
  }
}
