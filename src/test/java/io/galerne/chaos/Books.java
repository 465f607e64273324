package io.galerne.chaos;

import io.galerne.chaos.ChatClient.Seen;
import io.galerne.database.OwnPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** The books of one tenant, held against what its clients saw. */
final class Books {
  private static final int UNDER_MAX = 32;

  private final OwnPostgres postgres;
  private final UUID tenant;

  Books(OwnPostgres postgres, UUID tenant) {
    this.postgres = postgres;
    this.tenant = tenant;
  }

  /**
   * What a comparison found.
   *
   * @param requests that clients know the ids of
   * @param duplicates lines beyond a request's first
   * @param overBilled requests with more tokens in the ledger than the client saw
   * @param underBilledMost most tokens that a client saw and the ledger doesn't have
   * @param unequal answers that ended and whose text, usage and line don't have the same count
   * @param missing requests with text and without a line
   * @param damaged answers that are not what the engine wrote
   * @param unseen lines of requests whose clients saw nothing
   * @param unseenTokens tokens of answers in those lines
   */
  record Figures(
      int requests,
      int ended,
      int duplicates,
      int overBilled,
      int underBilledMost,
      int unequal,
      int missing,
      int damaged,
      int unseen,
      int unseenTokens) {
    boolean good() {
      return duplicates == 0
          && overBilled == 0
          && underBilledMost <= UNDER_MAX
          && unequal == 0
          && missing == 0
          && damaged == 0
          && unseenTokens == 0;
    }
  }

  Figures compare(List<Seen> seen) throws SQLException {
    Map<UUID, List<Integer>> lines = lines();
    int requests = 0;
    int ended = 0;
    int over = 0;
    int underMost = 0;
    int unequal = 0;
    int missing = 0;
    int damaged = 0;
    for (Seen client : seen) {
      damaged += client.intact() ? 0 : 1;
      if (client.requestId() == null) {
        continue;
      }
      requests++;
      ended += client.ended() ? 1 : 0;
      List<Integer> own = lines.remove(client.requestId());
      if (own == null) {
        missing += client.tokens() > 0 || client.ended() ? 1 : 0;
        continue;
      }
      int billed = own.getFirst();
      over += billed > client.tokens() ? 1 : 0;
      underMost = Math.max(underMost, client.tokens() - billed);
      boolean equal = billed == client.tokens() && billed == client.usageTokens();
      unequal += client.ended() && !equal ? 1 : 0;
      lines.put(client.requestId(), own);
    }
    int duplicates = lines.values().stream().mapToInt(own -> own.size() - 1).sum();
    List<UUID> known = new ArrayList<>();
    seen.stream().map(Seen::requestId).filter(id -> id != null).forEach(known::add);
    lines.keySet().removeAll(known);
    int unseenTokens =
        lines.values().stream().flatMap(List::stream).mapToInt(Integer::intValue).sum();
    return new Figures(
        requests,
        ended,
        duplicates,
        over,
        underMost,
        unequal,
        missing,
        damaged,
        lines.size(),
        unseenTokens);
  }

  private Map<UUID, List<Integer>> lines() throws SQLException {
    Map<UUID, List<Integer>> lines = new HashMap<>();
    try (Connection connection = postgres.superuser();
        PreparedStatement query =
            connection.prepareStatement(
                "select request_id, completion_tokens from usage_event where tenant_id = ?")) {
      query.setObject(1, tenant);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          lines
              .computeIfAbsent(rows.getObject(1, UUID.class), _ -> new ArrayList<>())
              .add(rows.getInt(2));
        }
      }
    }
    return lines;
  }

  /** A number that the books hold; {@code ?} stands for the tenant. */
  long number(String sql) throws SQLException {
    try (Connection connection = postgres.superuser();
        PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 1; i <= query.getParameterMetaData().getParameterCount(); i++) {
        query.setObject(i, tenant);
      }
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  long reservations() throws SQLException {
    return number("select count(*) from reservation where tenant_id = ?");
  }

  /** Waits until no request is open any more, at most so long; those that are still. */
  long orphansAfter(Duration max) throws SQLException {
    long deadline = System.nanoTime() + max.toNanos();
    while (reservations() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(200_000_000);
    }
    return reservations();
  }

  /** What sums, budgets and records say beside the ledger's lines: 0 where all agree. */
  long disagreements() throws SQLException {
    return number(
        """
        with lines as (select count(*) as n, sum(completion_tokens) as tokens,
            sum(cost_picos) as picos from usage_event where tenant_id = ?),
          days as (select sum(requests) as n, sum(completion_tokens) as tokens,
            sum(cost_picos) as picos from usage_daily where tenant_id = ?),
          spent as (select sum(spent_picos) as picos, sum(reserved_picos) as reserved from budget
            where tenant_id = ? and scope = 'organisation'),
          records as (select count(*) as n, max(seq) as last from answer_record where tenant_id = ?)
        select (lines.n <> days.n)::int + (lines.tokens <> days.tokens)::int
          + (lines.picos <> days.picos)::int + (lines.picos <> spent.picos)::int
          + (spent.reserved <> 0)::int + (lines.n <> records.n)::int
          + (records.n <> records.last)::int
        from lines, days, spent, records
        """);
  }
}
