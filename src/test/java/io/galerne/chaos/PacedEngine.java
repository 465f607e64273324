package io.galerne.chaos;

import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.ModelProfile;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.Submission;
import io.galerne.engine.TokenAllowance.Verdict;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.ToolCallFormat;
import io.galerne.serving.ScriptedEngine;
import io.galerne.serving.ScriptedGeneration;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose answers are known and take their time: token {@code i} is {@link #token}, one
 * every few milliseconds, as many as the request allows, and no more than its lease grants.
 */
final class PacedEngine implements Engine {
  static final int PROMPT_TOKENS = 16;
  static final int TOKEN_CHARS = 4;
  static final long PACE_NANOS = 4_000_000;
  private static final int CONTEXT = 4096;

  /** Answers at once, and requests that may wait for a place; as many as come unless it is set. */
  private static final int PLACES = Integer.getInteger("chaos.places", 1_000_000);

  private static final int WAITING_MAX = Integer.getInteger("chaos.waiting", 1_000_000);

  private final ScriptedEngine scripted;
  private final String digest;
  private final Semaphore places = new Semaphore(PLACES);
  private final Semaphore inside = new Semaphore(PLACES + WAITING_MAX);

  PacedEngine(String digest) {
    this.digest = digest;
    scripted = new ScriptedEngine(digest);
  }

  /** All tokens have the same length, so that a part of an answer tells how many it has. */
  static String token(int index) {
    return " %03d".formatted(index % 1000);
  }

  /** The first tokens of every answer. */
  static String answer(int tokens) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens; i++) {
      text.append(token(i));
    }
    return text.toString();
  }

  @Override
  public ModelProfile profile() {
    return new ModelProfile(
        "Paced", "llama", "Q4_1", 1, 1, digest, Path.of("paced.gguf"), CONTEXT, 1000);
  }

  @Override
  public int[] prompt(PromptRequest request) {
    return new int[PROMPT_TOKENS];
  }

  @Override
  public int[] fillInMiddle(String before, String behind) {
    return new int[PROMPT_TOKENS];
  }

  @Override
  public ToolCallFormat toolCallFormat() {
    return scripted.toolCallFormat();
  }

  @Override
  public Constraint constrain(OutputFormat format, CacheNamespace owner) {
    return scripted.constrain(format, owner);
  }

  @Override
  public @Nullable Constraint remembered(OutputFormat format, CacheNamespace owner) {
    return null;
  }

  @Override
  public Submission submit(GenerationRequest request) {
    if (!inside.tryAcquire()) {
      return new Submission.QueueFull(WAITING_MAX);
    }
    ScriptedGeneration generation = new ScriptedGeneration();
    Thread.startVirtualThread(
        () -> {
          places.acquireUninterruptibly();
          try {
            write(request, generation);
          } finally {
            places.release();
            inside.release();
          }
        });
    return new Submission.Accepted(generation);
  }

  @Override
  public Optional<Submission> refusal(ServiceTerms terms) {
    return inside.availablePermits() > 0
        ? Optional.empty()
        : Optional.of(new Submission.QueueFull(WAITING_MAX));
  }

  private static void write(GenerationRequest request, ScriptedGeneration generation) {
    int max = request.sampling().maxTokens();
    for (int i = 0; i < max; i++) {
      Verdict verdict = request.allowance().take();
      while (verdict == Verdict.NOT_YET && !generation.isCancelled()) {
        LockSupport.parkNanos(PACE_NANOS / 4);
        verdict = request.allowance().take();
      }
      if (verdict != Verdict.GRANTED || generation.isCancelled()) {
        end(generation, verdict == Verdict.DENIED ? FinishReason.ALLOWANCE : FinishReason.STOP, i);
        return;
      }
      LockSupport.parkNanos(PACE_NANOS);
      generation.emit(new GenerationEvent.Text(token(i), 1));
    }
    end(generation, FinishReason.LENGTH, max);
  }

  private static void end(ScriptedGeneration generation, FinishReason reason, int tokens) {
    generation.emit(new GenerationEvent.Finished(reason, PROMPT_TOKENS, tokens));
  }

  @Override
  public EngineStatistics statistics() {
    return scripted.statistics();
  }

  @Override
  public void close() {}
}
