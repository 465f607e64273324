package io.galerne.batch;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Computes one claimed line and stores what came of it, or gives the line back. */
final class LineWork {
  private static final Logger log = LoggerFactory.getLogger(LineWork.class);
  private static final Duration WHEN_BUSY = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  private final LineTable table;
  private final LineAnswers answers;
  private final BatchProperties limits;
  private final UUID owner;
  private final MeterRegistry meters;
  private final RetryTemplate retries =
      new RetryTemplate(
          RetryPolicy.builder()
              .maxRetries(3)
              .delay(Duration.ofMillis(200))
              .multiplier(3)
              .includes(DataAccessException.class, TransactionException.class)
              .build());

  LineWork(
      LineTable table,
      LineAnswers answers,
      BatchProperties limits,
      UUID owner,
      MeterRegistry meters) {
    this.table = table;
    this.answers = answers;
    this.limits = limits;
    this.owner = owner;
    this.meters = meters;
  }

  void compute(RunningLine line) {
    try {
      LineTable.Claimed claimed = line.claimed();
      boolean exhausted = claimed.attempts() > limits.attemptsMax();
      LineAnswer answer =
          exhausted ? new LineAnswer(500, gaveUp(), null) : answers.answer(claimed.request());
      if (!line.settle()) {
        count("cut_off");
        retries.invoke(() -> table.release(claimed, owner, Duration.ZERO, false));
      } else if (answer.isBusy()) {
        count("busy");
        retries.invoke(() -> table.release(claimed, owner, WHEN_BUSY, false));
      } else if (answer.isOurFault() && claimed.attempts() < limits.attemptsMax()) {
        count("tried_again");
        retries.invoke(() -> table.release(claimed, owner, AFTER_FAILURE, true));
      } else {
        boolean stored = retries.invoke(() -> table.complete(claimed, owner, answer));
        count(!stored ? "lost" : answer.succeeded() ? "succeeded" : "failed");
      }
    } catch (RuntimeException e) {
      // the line stays ours until its lease ends; then it is tried again
      log.error("Line {} of a batch was not stored", line.claimed().request().requestId(), e);
    }
  }

  private String gaveUp() {
    return """
    {"object":"error","message":"The request was tried %d times and never came to an end",\
    "type":"server_error","param":null,"code":null}\
    """
        .formatted(limits.attemptsMax());
  }

  private void count(String outcome) {
    meters.counter("galerne.batch.lines", "outcome", outcome).increment();
  }
}
