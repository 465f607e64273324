package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A generation that a test feeds. */
public final class ScriptedGeneration implements Generation {
  private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final AtomicInteger taken = new AtomicInteger();
  private final GenerationEvent.@Nullable Text endless;

  public ScriptedGeneration() {
    this(null);
  }

  private ScriptedGeneration(GenerationEvent.@Nullable Text endless) {
    this.endless = endless;
  }

  /** One that never runs out of this text. */
  public static ScriptedGeneration endless(String text) {
    return new ScriptedGeneration(new GenerationEvent.Text(text, 1));
  }

  public void emit(GenerationEvent event) {
    events.add(event);
  }

  /** Events handed to the reader so far. */
  public int taken() {
    return taken.get();
  }

  public void awaitCancelled() throws InterruptedException {
    assertThat(cancelled.await(20, TimeUnit.SECONDS)).as("cancelled").isTrue();
  }

  public boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  @Override
  public GenerationEvent next() throws InterruptedException {
    GenerationEvent event = endless == null ? events.take() : endless;
    taken.incrementAndGet();
    return event;
  }

  @Override
  public @Nullable GenerationEvent next(Duration timeout) throws InterruptedException {
    if (endless != null) {
      return next();
    }
    GenerationEvent event = events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (event != null) {
      taken.incrementAndGet();
    }
    return event;
  }

  @Override
  public void cancel() {
    cancelled.countDown();
  }
}
