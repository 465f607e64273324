package io.galerne.idempotency;

import io.galerne.database.TenantTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which requests came with which keys, and what they were answered, for 24 hours. An attempt whose
 * instance is gone is taken over when it is older than any request may take.
 */
@Component
class IdempotencyStore {
  static final Duration KEPT = Duration.ofHours(24);
  static final Duration GIVEN_UP = Duration.ofMinutes(15);
  private static final int SWEPT_MAX = 1_000;

  private final TenantTransactions transactions;
  private final TransactionTemplate sweeping;
  private final JdbcClient jdbc;
  private final AnswerCipher cipher;
  private final Clock clock;

  IdempotencyStore(
      TenantTransactions transactions,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      AnswerCipher cipher,
      Clock clock) {
    this.transactions = transactions;
    this.sweeping = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.cipher = cipher;
    this.clock = clock;
  }

  private record Row(
      String requestHash, Instant startedAt, Instant expiresAt, byte @Nullable [] answer) {}

  /**
   * @param request everything that makes it the same request
   */
  Attempt begin(IdempotencyScope scope, String request) {
    String requestHash = cipher.hashOfRequest(request);
    return transactions.inTenant(scope.tenantId(), () -> begun(scope, requestHash));
  }

  private Attempt begun(IdempotencyScope scope, String requestHash) {
    Instant now = clock.instant();
    UUID attempt = UUID.randomUUID();
    int inserted =
        jdbc.sql(
                """
                insert into idempotency_record (tenant_id, credential_id, route, key_hash,
                    request_hash, attempt, started_at, expires_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict do nothing
                """)
            .params(
                scope.tenantId(),
                scope.credentialId(),
                scope.route(),
                cipher.hash(scope.key()),
                requestHash,
                attempt,
                Timestamp.from(now),
                Timestamp.from(now.plus(KEPT)))
            .update();
    if (inserted > 0) {
      return new Attempt.Begun(scope, attempt);
    }
    Row row = find(scope);
    boolean over = !now.isBefore(row.expiresAt());
    boolean givenUp = row.answer() == null && !now.isBefore(row.startedAt().plus(GIVEN_UP));
    if (!over && !row.requestHash().equals(requestHash)) {
      return new Attempt.OtherRequest();
    }
    if (over || givenUp) {
      takeOver(scope, requestHash, attempt, now);
      return new Attempt.Begun(scope, attempt);
    }
    return row.answer() == null
        ? new Attempt.InProgress()
        : new Attempt.Done(StoredAnswer.fromBytes(cipher.decrypt(scope, row.answer())));
  }

  private Row find(IdempotencyScope scope) {
    return where(
            jdbc.sql(
                """
                select request_hash, started_at, expires_at, answer from idempotency_record
                where tenant_id = :tenant and credential_id = :credential and route = :route
                  and key_hash = :hash
                for update
                """),
            scope)
        .query((row, _) -> row(row))
        .single();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("request_hash"),
        row.getTimestamp("started_at").toInstant(),
        row.getTimestamp("expires_at").toInstant(),
        row.getBytes("answer"));
  }

  private void takeOver(IdempotencyScope scope, String requestHash, UUID attempt, Instant now) {
    where(
            jdbc.sql(
                """
                update idempotency_record set request_hash = :request, attempt = :attempt,
                    started_at = :now, expires_at = :end, answer = null, answered_at = null
                where tenant_id = :tenant and credential_id = :credential and route = :route
                  and key_hash = :hash
                """),
            scope)
        .param("request", requestHash)
        .param("attempt", attempt)
        .param("now", Timestamp.from(now))
        .param("end", Timestamp.from(now.plus(KEPT)))
        .update();
  }

  /** Keeps the answer; nothing if the attempt was taken over meanwhile. */
  void finish(Attempt.Begun attempt, StoredAnswer answer) {
    byte[] sealed = cipher.encrypt(attempt.scope(), answer.toBytes());
    transactions.runInTenant(
        attempt.scope().tenantId(),
        () ->
            where(
                    jdbc.sql(
                        """
                        update idempotency_record set answer = :answer, answered_at = :now
                        where tenant_id = :tenant and credential_id = :credential
                          and route = :route and key_hash = :hash and attempt = :attempt
                        """),
                    attempt.scope())
                .param("answer", sealed)
                .param("now", Timestamp.from(clock.instant()))
                .param("attempt", attempt.id())
                .update());
  }

  /** Forgets the attempt: the same key may come again as if for the first time. */
  void abandon(Attempt.Begun attempt) {
    transactions.runInTenant(
        attempt.scope().tenantId(),
        () ->
            where(
                    jdbc.sql(
                        """
                        delete from idempotency_record
                        where tenant_id = :tenant and credential_id = :credential
                          and route = :route and key_hash = :hash and attempt = :attempt
                        """),
                    attempt.scope())
                .param("attempt", attempt.id())
                .update());
  }

  /** Deletes what is over, of all tenants; how much that was. */
  int sweep() {
    int swept = 0;
    int last;
    do {
      Integer deleted = sweeping.execute(_ -> sweepSome());
      last = deleted == null ? 0 : deleted;
      swept += last;
    } while (last == SWEPT_MAX);
    return swept;
  }

  private int sweepSome() {
    TenantTransactions.setForTransaction(jdbc, "galerne.sweeper", "on");
    return jdbc.sql(
            """
            delete from idempotency_record where ctid = any (array(
              select ctid from idempotency_record where expires_at < now() limit ?))
            """)
        .param(SWEPT_MAX)
        .update();
  }

  private JdbcClient.StatementSpec where(JdbcClient.StatementSpec sql, IdempotencyScope scope) {
    return sql.param("tenant", scope.tenantId())
        .param("credential", scope.credentialId())
        .param("route", scope.route())
        .param("hash", cipher.hash(scope.key()));
  }
}
