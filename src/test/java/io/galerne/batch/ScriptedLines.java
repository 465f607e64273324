package io.galerne.batch;

import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageSource;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Answers lines by a script, and counts how often it was asked each. */
final class ScriptedLines implements LineAnswers {
  final Map<UUID, Integer> asked = new ConcurrentHashMap<>();
  volatile IntPredicate waits = _ -> false;
  volatile IntUnaryOperator status = _ -> 200;
  private final Object gate = new Object();
  private boolean open;

  /** Lets those answer that wait. */
  void open() {
    synchronized (gate) {
      open = true;
      gate.notifyAll();
    }
  }

  @Override
  public Set<String> endpoints() {
    return Set.of("/v1/chat/completions");
  }

  @Override
  public LineAnswer answer(LineRequest request) {
    int time = asked.merge(request.requestId(), 1, Integer::sum);
    int number = Integer.parseInt(request.body().replaceAll("\\D", ""));
    if (waits.test(number)) {
      synchronized (gate) {
        try {
          while (!open) {
            gate.wait();
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return new LineAnswer(500, "{}", usage(request));
        }
      }
    }
    int code = status.applyAsInt(time);
    String body = "{\"message\":\"answer %d\"}".formatted(number);
    return new LineAnswer(code, body, code == 503 ? null : usage(request));
  }

  private static UsageRecord usage(LineRequest request) {
    return new UsageRecord(
        request.requestId(),
        request.caller(),
        new UsageSource(
            ServiceKind.CHAT, ServiceClass.BATCH, false, "mistral-tiny", "m", "digest", null),
        new TokenCounts(3, 0, 2),
        UsageRecord.Outcome.STOP,
        Instant.now(),
        Instant.now());
  }
}
