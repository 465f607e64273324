package io.galerne.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes a stream that gives too little in a window of time. The HTTP client has a time limit for
 * the answer's head, but none for its body.
 */
final class StallGuard implements AutoCloseable {
  private final InputStream stream;
  private final Duration window;
  private final long bytesMin;
  private final AtomicLong received = new AtomicLong();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stalled;

  private StallGuard(InputStream stream, Duration window, long bytesMin) {
    this.stream = stream;
    this.window = window;
    this.bytesMin = bytesMin;
  }

  /** Watches until it is closed. */
  static StallGuard start(InputStream stream, Duration window, long bytesMin) {
    StallGuard guard = new StallGuard(stream, window, bytesMin);
    Thread.ofVirtual().name("galerne-stall-guard").start(guard::watch);
    return guard;
  }

  void received(long bytes) {
    received.addAndGet(bytes);
  }

  boolean stalled() {
    return stalled;
  }

  private void watch() {
    try {
      while (!ended.await(window.toNanos(), TimeUnit.NANOSECONDS)) {
        if (received.getAndSet(0) < bytesMin) {
          stalled = true;
          stream.close();
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // The reader gets an exception of its own, and asks whether the stream stalled.
      System.getLogger(StallGuard.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a stalled stream", e);
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
