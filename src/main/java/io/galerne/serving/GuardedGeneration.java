package io.galerne.serving;

import io.galerne.audit.AnswerContent;
import io.galerne.engine.FinishReason;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationTimes;
import io.galerne.engine.template.ToolCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A generation whose text goes through a guard. Tokens count as delivered when all of their text
 * has gone out, or what covers it up. A blocked answer ends at once, with {@link
 * FinishReason#ERROR} and the tokens that are charged. Probabilities are left out: they would spell
 * what is covered up.
 */
final class GuardedGeneration implements Generation {
  private final Generation inner;
  private final OutputGuard guard;
  private final Deque<GenerationEvent> ready = new ArrayDeque<>();

  /** Tokens whose text the guard may still hold: where it ends, and how many. */
  private final Deque<int[]> held = new ArrayDeque<>();

  private final StringBuilder written = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();
  private int taken;
  private int generated;
  private int delivered;
  private boolean textOver;
  private boolean ended;
  private boolean blocked;

  GuardedGeneration(Generation inner, OutputGuard guard) {
    this.inner = inner;
    this.guard = guard;
  }

  boolean blocked() {
    return blocked;
  }

  /** What the model wrote. */
  AnswerContent.Said written() {
    return Transcript.said(written, calls, ended && !blocked);
  }

  boolean chargesGenerated() {
    return guard.chargesGenerated();
  }

  OutputGuard guard() {
    return guard;
  }

  /** The generation itself where there is nothing to judge. */
  static Generation of(Generation generation, OutputGuard guard) {
    return guard.idle() ? generation : new GuardedGeneration(generation, guard);
  }

  @Override
  public GenerationEvent next() throws InterruptedException {
    while (ready.isEmpty()) {
      take(inner.next());
    }
    return ready.removeFirst();
  }

  @Override
  public @Nullable GenerationEvent next(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (ready.isEmpty()) {
      GenerationEvent event = inner.next(Duration.ofNanos(deadline - System.nanoTime()));
      if (event == null) {
        return null;
      }
      take(event);
    }
    return ready.removeFirst();
  }

  private void take(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Text(String text, int tokens, _) -> {
        written.append(text);
        taken += text.length();
        generated += tokens;
        held.addLast(new int[] {taken, tokens});
        release(guard.add(text));
      }
      case GenerationEvent.ToolCall(ToolCall call, int tokens) -> {
        finishText();
        calls.add(call);
        generated += tokens;
        ToolCall passed = blocked ? null : guard.call(call);
        if (passed != null) {
          delivered += tokens;
          ready.addLast(new GenerationEvent.ToolCall(passed, tokens));
        }
      }
      case GenerationEvent.Finished finished -> {
        finishText();
        ended =
            switch (finished.reason()) {
              case STOP, TOOL_CALLS, LENGTH, CONTEXT_FULL -> true;
              case ALLOWANCE, DEADLINE, CANCELLED, ERROR -> false;
            };
        if (!blocked) {
          ready.addLast(finished);
        }
      }
    }
    if (!blocked && guard.block() != null) {
      blocked = true;
      inner.cancel();
      ready.addLast(
          new GenerationEvent.Finished(
              FinishReason.ERROR,
              0,
              inner.cachedPromptTokens(),
              guard.chargesGenerated() ? generated : delivered));
    }
  }

  private void finishText() {
    if (!textOver) {
      textOver = true;
      release(guard.finish());
    }
  }

  private void release(String text) {
    int tokens = 0;
    while (!held.isEmpty() && held.getFirst()[0] <= guard.passed()) {
      tokens += held.removeFirst()[1];
    }
    delivered += tokens;
    if (!text.isEmpty() || tokens > 0) {
      ready.addLast(new GenerationEvent.Text(text, tokens));
    }
  }

  @Override
  public void cancel() {
    inner.cancel();
  }

  @Override
  public GenerationTimes times() {
    return inner.times();
  }

  @Override
  public int cachedPromptTokens() {
    return inner.cachedPromptTokens();
  }
}
