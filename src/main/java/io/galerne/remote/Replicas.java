package io.galerne.remote;

import io.galerne.engine.Submission;
import io.galerne.outbound.OutboundHttp;
import io.galerne.outbound.OutboundResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The machines that serve one model. Work goes to the one with the fewest tokens still to come. */
final class Replicas {
  private static final System.Logger LOG = System.getLogger(Replicas.class.getName());
  private static final int TOO_MANY_REQUESTS = 429;

  private final List<Replica> replicas;

  Replicas(RemoteSettings settings, OutboundHttp http) {
    replicas = settings.replicas().stream().map(url -> new Replica(url, settings, http)).toList();
  }

  /** What came of asking. */
  sealed interface Outcome {}

  /**
   * The head of an answer is there, and the replica's place is taken.
   *
   * @param asked so far, this replica included
   */
  record Answering(
      Replica replica, OutboundResponse response, long startedNanos, Set<Replica> asked)
      implements Outcome {}

  /** No replica takes it. */
  record NoneTakes(Submission reason) implements Outcome {}

  List<Replica> all() {
    return replicas;
  }

  /**
   * Asks one replica after the other until one begins to answer. Nothing of an answer was read
   * before, so that asking another repeats nothing.
   *
   * @param expectedTokens of prompt and answer
   */
  Outcome ask(byte[] body, int expectedTokens) {
    return ask(body, expectedTokens, Set.of());
  }

  /** As {@link #ask(byte[], int)}, but not those that were asked. */
  Outcome ask(byte[] body, int expectedTokens, Set<Replica> before) {
    Set<Replica> asked = new HashSet<>(before);
    boolean busy = false;
    while (true) {
      Optional<Replica> next = next(asked, expectedTokens);
      if (next.isEmpty()) {
        busy |= replicas.stream().anyMatch(Replica::full);
        int max = replicas.stream().mapToInt(Replica::requests).sum();
        return new NoneTakes(
            busy ? new Submission.QueueFull(max) : new Submission.Unavailable(unavailable()));
      }
      Replica replica = next.get();
      asked.add(replica);
      long started = System.nanoTime();
      try {
        OutboundResponse response = replica.ask(body);
        switch (Head.of(response)) {
          case ANSWERS -> {
            return new Answering(replica, response, started, asked);
          }
          case REFUSES -> {
            String reason = refusal(replica, response);
            replica.succeeded(started);
            leave(replica, response, expectedTokens);
            return new NoneTakes(new Submission.RefusedElsewhere(reason));
          }
          case BUSY -> {
            busy = true;
            replica.unused();
            leave(replica, response, expectedTokens);
          }
          case FAILS -> {
            replica.failed(started, new IOException("status " + response.status()));
            LOG.log(System.Logger.Level.WARNING, "{0} answers {1}", replica, response.status());
            leave(replica, response, expectedTokens);
          }
        }
      } catch (IOException e) {
        replica.failed(started, e);
        replica.leave(expectedTokens);
        LOG.log(System.Logger.Level.WARNING, "{0} can''t be asked: {1}", replica, e.toString());
      }
    }
  }

  private static void leave(Replica replica, OutboundResponse response, int expectedTokens) {
    response.close();
    replica.leave(expectedTokens);
  }

  private Optional<Replica> next(Set<Replica> asked, int expectedTokens) {
    List<Replica> candidates = new ArrayList<>(replicas);
    candidates.removeAll(asked);
    candidates.sort(
        Comparator.comparing((Replica replica) -> !replica.up())
            .thenComparingLong(Replica::outstandingTokens));
    return candidates.stream().filter(replica -> replica.enter(expectedTokens)).findFirst();
  }

  private String unavailable() {
    return replicas.size() == 1
        ? "the model's backend can't be reached"
        : "none of the model's %d backends can be reached".formatted(replicas.size());
  }

  private static String refusal(Replica replica, OutboundResponse response) {
    LOG.log(System.Logger.Level.WARNING, "{0} refuses with {1}", replica, response.status());
    return "the model's backend refuses the request with status " + response.status();
  }

  /** What the head of an answer says. */
  private enum Head {
    ANSWERS,
    REFUSES,
    BUSY,
    FAILS;

    static Head of(OutboundResponse response) {
      int status = response.status();
      if (status == 200) {
        boolean streams =
            response.header("Content-Type").orElse("").startsWith("text/event-stream");
        return streams ? ANSWERS : FAILS;
      }
      if (status == TOO_MANY_REQUESTS || status == 503) {
        return BUSY;
      }
      // 401 and 403 are the operator's mistake; redirects aren't followed
      boolean ours = status == 400 || status == 413 || status == 422;
      return ours ? REFUSES : FAILS;
    }
  }
}
