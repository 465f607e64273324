package io.galerne.chaos;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Replicas are killed while they compute the lines of a batch; at last all of them at once. */
final class BatchRun {
  private static final int TOKENS = 400;
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(3);
  private static final String JOBS = "/v1/batch/jobs";

  private final Cluster cluster;
  private final String headers;
  private final Books books;

  private BatchRun(Cluster cluster, Cluster.Tenant tenant) throws IOException {
    this.cluster = cluster;
    this.headers =
        "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
            .formatted(cluster.newKey(tenant).secret());
    this.books = new Books(cluster.postgres, tenant.id());
  }

  /**
   * What came of it.
   *
   * @param killedAt lines that had been settled when replicas were killed
   * @param answered lines with an answer, each once
   * @param billed lines in the ledger
   * @param billedTwice lines in the ledger beyond a request's first
   * @param tokensAnswered in the answers
   * @param tokensBilled in the ledger
   */
  record Outcome(
      int lines,
      List<Long> killedAt,
      int answered,
      long billed,
      long billedTwice,
      long tokensAnswered,
      long tokensBilled,
      long orphans) {
    boolean good() {
      return answered == lines
          && billed == lines
          && billedTwice == 0
          && tokensAnswered == tokensBilled
          && orphans == 0
          && killedAt.stream().allMatch(settled -> settled > 0 && settled < lines);
    }
  }

  static Outcome run(Cluster cluster, int lines, int kills)
      throws IOException, SQLException, InterruptedException {
    return new BatchRun(cluster, cluster.newTenant("batch" + lines)).run(lines, kills);
  }

  private Outcome run(int lines, int kills) throws IOException, SQLException, InterruptedException {
    String requests =
        IntStream.range(0, lines)
            .mapToObj(
                i ->
                    """
                    {"custom_id": "%d", "body": {"max_tokens": %d,
                     "messages": [{"role": "user", "content": "Count."}]}}\
                    """
                        .formatted(i, 1 + i % TOKENS))
            .collect(Collectors.joining(","));
    JsonNode job =
        call(
            "POST",
            JOBS,
            """
            {"endpoint": "/v1/chat/completions", "model": "mistral-small", "requests": [%s]}
            """
                .formatted(requests));
    List<Long> killedAt = new ArrayList<>();
    for (int kill = 0; kill < kills; kill++) {
      awaitSettled((long) lines * (kill + 1) / (kills + 2));
      boolean last = kill == kills - 1;
      List<ReplicaProcess> targets =
          last ? cluster.replicas : List.of(cluster.replicas.get(kill % cluster.replicas.size()));
      for (ReplicaProcess target : targets) {
        target.kill();
      }
      killedAt.add(settled());
      for (ReplicaProcess target : targets) {
        target.start();
      }
      for (ReplicaProcess target : targets) {
        target.awaitReady();
      }
    }
    JsonNode done = awaitEnd(job.get("id").asString());
    Set<String> answered = new HashSet<>();
    long tokens = 0;
    for (JsonNode line : done.get("outputs")) {
      answered.add(line.get("custom_id").asString());
      tokens += line.at("/response/body/usage/completion_tokens").asLong();
    }
    return new Outcome(
        lines,
        killedAt,
        answered.size() == done.get("outputs").size() ? answered.size() : -1,
        settled(),
        settled()
            - books.number(
                "select count(distinct request_id) from usage_event where tenant_id = ?"),
        tokens,
        books.number("select sum(completion_tokens) from usage_event where tenant_id = ?"),
        books.orphansAfter(Duration.ofSeconds(60)));
  }

  private long settled() throws SQLException {
    return books.number("select count(*) from usage_event where tenant_id = ?");
  }

  private void awaitSettled(long lines) throws SQLException, IOException {
    long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
    while (settled() < lines) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the batch stands still");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private JsonNode awaitEnd(String id) throws IOException {
    long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
    while (true) {
      JsonNode job = call("GET", JOBS + "/" + id, "");
      if (job.get("completed_at").isNumber() || System.nanoTime() > deadline) {
        return job;
      }
      LockSupport.parkNanos(200_000_000);
    }
  }

  private JsonNode call(String method, String path, String body) throws IOException {
    RawClient.Response response =
        RawClient.send(cluster.port(0), method, path, headers, body, _ -> {});
    if (response.status() != 200) {
      throw new IOException(method + " " + path + ": " + response.body());
    }
    return new JsonMapper().readTree(response.body());
  }
}
