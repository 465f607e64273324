package io.galerne.deployments;

import io.galerne.database.TenantTransactions;
import io.galerne.journal.Replica;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Where each replica writes what it does about each deployment, for people to see. */
@Component
class StateBoard {
  private static final Logger log = LoggerFactory.getLogger(StateBoard.class);

  /** A replica that has written nothing for so long is gone. */
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final Map<UUID, DeploymentState> here = new ConcurrentHashMap<>();
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final Replica replica;
  private final Clock clock;

  StateBoard(TenantTransactions transactions, JdbcClient jdbc, Replica replica, Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.replica = replica;
    this.clock = clock;
  }

  /** What this replica does about a deployment. */
  Optional<DeploymentState> here(UUID id) {
    return Optional.ofNullable(here.get(id));
  }

  /** Notes a state, and writes it down where it changed. */
  void note(Deployment deployment, DeploymentState.Phase phase, String reason, int percent) {
    DeploymentState state =
        new DeploymentState(
            replica.id(), deployment.revision(), phase, reason, percent, clock.instant());
    DeploymentState before = here.put(deployment.id(), state);
    if (before == null
        || before.phase() != phase
        || before.revision() != state.revision()
        || !before.reason().equals(reason)
        || before.percent() / 10 != percent / 10) {
      write(deployment, state);
    }
  }

  void forget(UUID id) {
    here.remove(id);
  }

  /** Tells the others that what was written still holds. */
  void refresh(Deployment deployment) {
    here(deployment.id())
        .filter(state -> state.at().isBefore(clock.instant().minus(FRESH.dividedBy(3))))
        .ifPresent(
            state -> {
              DeploymentState again =
                  new DeploymentState(
                      state.replicaId(),
                      state.revision(),
                      state.phase(),
                      state.reason(),
                      state.percent(),
                      clock.instant());
              here.put(deployment.id(), again);
              write(deployment, again);
            });
  }

  private void write(Deployment deployment, DeploymentState state) {
    UUID tenantId = deployment.tenantId();
    if (tenantId == null) {
      return; // everybody's: the replica's own health shows it
    }
    try {
      transactions.runInTenant(tenantId, () -> write(tenantId, deployment.id(), state));
    } catch (DataAccessException | TransactionException e) {
      log.warn(
          "The state of deployment {} could not be written: {}", deployment.id(), e.toString());
    }
  }

  private void write(UUID tenantId, UUID id, DeploymentState state) {
    jdbc.sql(
            """
            delete from deployment_state
            where tenant_id = ? and deployment_id = ? and at < ?
            """)
        .params(tenantId, id, Timestamp.from(state.at().minus(Duration.ofHours(1))))
        .update();
    jdbc.sql(
            """
            insert into deployment_state
              (tenant_id, deployment_id, replica_id, revision, phase, reason, percent, at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (tenant_id, deployment_id, replica_id) do update set
              revision = excluded.revision, phase = excluded.phase, reason = excluded.reason,
              percent = excluded.percent, at = excluded.at
            """)
        .params(
            tenantId,
            id,
            state.replicaId(),
            state.revision(),
            state.phase().name(),
            state.reason(),
            state.percent(),
            Timestamp.from(state.at()))
        .update();
  }

  /** What the replicas that live do about a deployment. Call it in the tenant's transaction. */
  List<DeploymentState> of(UUID tenantId, UUID id) {
    Instant since = clock.instant().minus(FRESH);
    return jdbc.sql(
            """
            select * from deployment_state
            where tenant_id = ? and deployment_id = ? and at > ? order by replica_id
            """)
        .params(tenantId, id, Timestamp.from(since))
        .query(
            (row, _) ->
                new DeploymentState(
                    row.getObject("replica_id", UUID.class),
                    row.getInt("revision"),
                    DeploymentState.Phase.valueOf(row.getString("phase")),
                    row.getString("reason"),
                    row.getInt("percent"),
                    row.getTimestamp("at").toInstant()))
        .list();
  }
}
