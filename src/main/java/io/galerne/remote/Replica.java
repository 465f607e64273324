package io.galerne.remote;

import io.galerne.outbound.OutboundHttp;
import io.galerne.outbound.OutboundResponse;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One machine that serves the model: what it has to do, and whether it can be asked. */
final class Replica {
  private static final CircuitBreakerConfig BREAKER =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(10)
          .minimumNumberOfCalls(3)
          .failureRateThreshold(50)
          .waitDurationInOpenState(Duration.ofSeconds(5))
          .permittedNumberOfCallsInHalfOpenState(1)
          .build();

  private final URI base;
  private final Map<String, String> headers;
  private final OutboundHttp http;
  private final int requestsMax;
  private final CircuitBreaker breaker;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong tokens = new AtomicLong();
  private volatile boolean up = true;

  Replica(URI base, RemoteSettings settings, OutboundHttp http) {
    this.base = base;
    this.http = http;
    this.requestsMax = settings.requestsMax();
    this.breaker = CircuitBreaker.of(base.toString(), BREAKER);
    headers = new LinkedHashMap<>();
    headers.put("Accept", "text/event-stream");
    if (settings.credential() != null) {
      headers.put("Authorization", "Bearer " + settings.credential());
    }
  }

  /** Tokens that are still to come, by what was asked for. */
  long outstandingTokens() {
    return tokens.get();
  }

  int requests() {
    return requests.get();
  }

  boolean up() {
    return up;
  }

  BackendState state() {
    boolean open =
        switch (breaker.getState()) {
          case OPEN, FORCED_OPEN, HALF_OPEN -> true;
          case CLOSED, DISABLED, METRICS_ONLY -> false;
        };
    return new BackendState(base, up, open, requests(), outstandingTokens());
  }

  /** Takes a place for a request, unless all are taken or the replica isn't to be asked now. */
  boolean enter(int expectedTokens) {
    if (requests.incrementAndGet() > requestsMax || !breaker.tryAcquirePermission()) {
      requests.decrementAndGet();
      return false;
    }
    tokens.addAndGet(expectedTokens);
    return true;
  }

  boolean full() {
    return requests.get() >= requestsMax;
  }

  void worked(int doneTokens) {
    tokens.addAndGet(-doneTokens);
  }

  /** Gives the place back. */
  void leave(int leftTokens) {
    tokens.addAndGet(-leftTokens);
    requests.decrementAndGet();
  }

  OutboundResponse ask(byte[] body) throws IOException {
    return http.post(URI.create(base + "/chat/completions"), headers, body);
  }

  void succeeded(long startedNanos) {
    up = true;
    breaker.onSuccess(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
  }

  void failed(long startedNanos, IOException reason) {
    breaker.onError(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS, reason);
  }

  /** The permission was not used: nothing is known of the replica. */
  void unused() {
    breaker.releasePermission();
  }

  /** Asks whether it is there. */
  void probe() {
    try (OutboundResponse response = http.get(URI.create(base + "/models"), headers)) {
      up = response.status() < 500;
    } catch (IOException e) {
      up = false;
    }
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
