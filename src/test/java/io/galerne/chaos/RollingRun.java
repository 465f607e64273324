package io.galerne.chaos;

import io.galerne.chaos.ChatClient.Seen;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Replicas are ended (SIGTERM) and started one after the other while clients send, some over
 * connections that they keep, some over a new one for each request, and others read long streams.
 */
final class RollingRun {
  private static final int KEEPING = 16;
  private static final int CONNECTING = 4;
  private static final int STREAMING = 8;
  private static final int TOKENS_MAX = 24;
  private static final int STREAM_TOKENS = 500;
  private static final Duration END_MAX = Duration.ofSeconds(60);

  private static final long WITHDRAWN_NANOS = 4_000_000_000L;

  /** What the JVM ends with after SIGTERM. */
  private static final int TERMINATED = 143;

  private final Cluster cluster;
  private final ChatClient client;
  private final Books books;
  private final IntFunction<List<String>> commands;
  private final boolean withdrawn;
  private final AtomicInteger left;
  private final AtomicBoolean rolling = new AtomicBoolean(true);

  private RollingRun(
      Cluster cluster,
      Cluster.Tenant tenant,
      int requests,
      IntFunction<List<String>> commands,
      boolean withdrawn)
      throws IOException {
    this.cluster = cluster;
    this.commands = commands;
    this.withdrawn = withdrawn;
    this.client = new ChatClient(cluster.newKey(tenant).secret());
    this.books = new Books(cluster.postgres, tenant.id());
    this.left = new AtomicInteger(requests);
  }

  /**
   * What came of it.
   *
   * @param streams long ones beside the requests
   * @param failed requests and streams that did not end as they should
   * @param reasons of some of those
   */
  record Outcome(
      int restarts,
      int requests,
      int streams,
      int failed,
      List<String> reasons,
      Books.Figures books,
      long orphans) {
    boolean good() {
      return failed == 0 && restarts >= 4 && streams > 0 && books.good() && orphans == 0;
    }
  }

  static Outcome run(Cluster cluster, int requests)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    Cluster.Tenant tenant = cluster.newTenant("rolling" + requests);
    return new RollingRun(cluster, tenant, requests, _ -> cluster.current, false).run();
  }

  /**
   * As {@link #run(Cluster, int)}, but nobody sends to a replica for a while before it is ended,
   * for builds that give no notice.
   *
   * @param commands what replicas are started with, by the number of the restart
   */
  static Outcome runWithdrawn(Cluster cluster, int requests, IntFunction<List<String>> commands)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    Cluster.Tenant tenant = cluster.newTenant("replaced" + requests);
    return new RollingRun(cluster, tenant, requests, commands, true).run();
  }

  private Outcome run() throws IOException, SQLException, InterruptedException, ExecutionException {
    List<Seen> seen = new ArrayList<>();
    List<Seen> streamed = new ArrayList<>();
    List<Seen> failures = new ArrayList<>();
    int restarts;
    try (Balancer balancer = new Balancer(cluster.replicas);
        KeptConnections kept =
            new KeptConnections(
                balancer::port, withdrawn ? balancer::sendsTo : _ -> true, ChatClient.PATH);
        Work work = new Work(seen, failures);
        Work streams = new Work(streamed, failures)) {
      work.start(KEEPING, () -> one(kept::post));
      work.start(
          CONNECTING,
          () ->
              one(
                  (headers, body) ->
                      RawClient.send(
                          balancer.port(), "POST", ChatClient.PATH, headers, body, _ -> {})));
      streams.start(
          STREAMING,
          () ->
              rolling.get()
                  ? new Asked(client.ask(kept::post, STREAM_TOKENS, true), STREAM_TOKENS)
                  : null);
      restarts = roll(balancer);
      rolling.set(false);
    }
    int requests = seen.size();
    seen.addAll(streamed);
    long orphans = books.orphansAfter(Duration.ofSeconds(30));
    return new Outcome(
        restarts,
        requests,
        streamed.size(),
        failures.size(),
        failures.stream().limit(5).map(RollingRun::reason).toList(),
        books.compare(seen),
        orphans);
  }

  /** An answer and how long it was to be. */
  record Asked(Seen seen, int tokens) {
    boolean good() {
      return seen.status() == 200 && seen.ended() && seen.tokens() == tokens && seen.intact();
    }
  }

  private @Nullable Asked one(ChatClient.Transport transport) {
    int number = left.getAndDecrement();
    if (number <= 0) {
      return null;
    }
    int tokens = 1 + number % TOKENS_MAX;
    return new Asked(client.ask(transport, tokens, number % 3 > 0), tokens);
  }

  private int roll(Balancer balancer) throws IOException, InterruptedException {
    int restarts = 0;
    while (left.get() > 0 || restarts < 2 * cluster.replicas.size()) {
      ReplicaProcess replica = cluster.replicas.get(restarts % cluster.replicas.size());
      if (withdrawn) {
        balancer.withdraw(replica);
        LockSupport.parkNanos(WITHDRAWN_NANOS);
      }
      int status = replica.terminate(END_MAX);
      if (status != TERMINATED) {
        throw new IOException("it ended with " + status);
      }
      replica.becomes(commands.apply(restarts));
      replica.start();
      replica.awaitReady();
      while (!balancer.sendsTo(replica)) {
        LockSupport.parkNanos(10_000_000);
      }
      restarts++;
    }
    return restarts;
  }

  private static String reason(Seen seen) {
    String body = seen.body();
    return seen.status() + " " + body.substring(Math.max(0, body.length() - 200));
  }
}
