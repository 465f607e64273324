package io.galerne.moderation;

import io.galerne.moderation.scan.DetectorUnavailable;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks something that may be slow or down, and waits no longer than was said. */
final class InTime {
  private static final Logger log = LoggerFactory.getLogger(InTime.class);

  private InTime() {}

  /**
   * @throws DetectorUnavailable if there is no answer in time, or none at all
   */
  static <T> T call(String what, Duration timeout, Callable<T> question) {
    FutureTask<T> task = new FutureTask<>(question);
    Thread.ofVirtual().name("moderation").start(task);
    try {
      return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new DetectorUnavailable(what + " took too long");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DetectorUnavailable(what + " was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DetectorUnavailable known) {
        throw new DetectorUnavailable(String.valueOf(known.getMessage()));
      }
      log.warn("{} failed: {}", what, String.valueOf(e.getCause()));
      throw new DetectorUnavailable(what + " failed");
    } finally {
      task.cancel(true);
    }
  }
}
