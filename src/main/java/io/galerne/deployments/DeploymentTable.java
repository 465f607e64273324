package io.galerne.deployments;

import io.galerne.database.TenantTransactions;
import io.galerne.secrets.SealedPlace;
import io.galerne.secrets.SecretBox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Tenants' deployments in the database, with the credentials of their backends sealed. */
@Component
class DeploymentTable {
  private static final String SELECT =
      "select tenant_id, id, spec, revision, created_at, updated_at from deployment";

  private final TenantTransactions transactions;
  private final TransactionTemplate platform;
  private final JdbcClient jdbc;
  private final SecretBox secrets;
  private final Clock clock;
  private final JsonMapper mapper;

  DeploymentTable(
      TenantTransactions transactions,
      PlatformTransactionManager transactionManager,
      JdbcClient jdbc,
      SecretBox secrets,
      Clock clock,
      JsonMapper mapper) {
    this.transactions = transactions;
    this.platform = new TransactionTemplate(transactionManager);
    this.jdbc = jdbc;
    this.secrets = secrets;
    this.clock = clock;
    this.mapper = mapper;
  }

  /** Every tenant's, for replicas to bring up. */
  List<Deployment> all() {
    List<Deployment> all =
        platform.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.deployments", "on");
              return jdbc.sql(SELECT + " order by created_at, id")
                  .query((row, _) -> deployment(row))
                  .list();
            });
    return all == null ? List.of() : all;
  }

  /** Call it in the tenant's transaction. */
  List<Deployment> of(UUID tenantId) {
    return jdbc.sql(SELECT + " where tenant_id = ? order by created_at, id")
        .param(tenantId)
        .query((row, _) -> deployment(row))
        .list();
  }

  /** Call it in the tenant's transaction. */
  Optional<Deployment> find(UUID tenantId, UUID id) {
    return jdbc.sql(SELECT + " where tenant_id = ? and id = ? for update")
        .params(tenantId, id)
        .query((row, _) -> deployment(row))
        .optional();
  }

  /** Call it in the tenant's transaction. */
  Deployment insert(UUID tenantId, UUID id, DeploymentSpec spec, @Nullable String credential) {
    Timestamp now = Timestamp.from(clock.instant());
    return jdbc.sql(
            """
            insert into deployment (tenant_id, id, name, spec, credential, created_at, updated_at)
            values (:tenant, :id, :name, :spec::jsonb, :credential, :now, :now)
            returning tenant_id, id, spec, revision, created_at, updated_at
            """)
        .param("tenant", tenantId)
        .param("id", id)
        .param("name", spec.name())
        .param("spec", json(spec))
        .param("credential", sealed(tenantId, id, credential))
        .param("now", now)
        .query((row, _) -> deployment(row))
        .single();
  }

  /**
   * Call it in the tenant's transaction.
   *
   * @param credential null to leave it as it is
   */
  Deployment update(UUID tenantId, UUID id, DeploymentSpec spec, @Nullable String credential) {
    return jdbc.sql(
            """
            update deployment set name = :name, spec = :spec::jsonb, revision = revision + 1,
              credential = coalesce(:credential, credential), updated_at = :now
            where tenant_id = :tenant and id = :id
            returning tenant_id, id, spec, revision, created_at, updated_at
            """)
        .param("name", spec.name())
        .param("spec", json(spec))
        .param("credential", sealed(tenantId, id, credential))
        .param("now", Timestamp.from(clock.instant()))
        .param("tenant", tenantId)
        .param("id", id)
        .query((row, _) -> deployment(row))
        .single();
  }

  /** Call it in the tenant's transaction. */
  void delete(UUID tenantId, UUID id) {
    jdbc.sql("delete from deployment where tenant_id = ? and id = ?").params(tenantId, id).update();
  }

  /** The credential of a deployment's backend, or null. */
  @Nullable String credential(UUID tenantId, UUID id) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql("select credential from deployment where tenant_id = ? and id = ?")
                .params(tenantId, id)
                .query((row, _) -> Optional.ofNullable(row.getBytes("credential")))
                .optional()
                .flatMap(found -> found)
                .map(credential -> secrets.openText(credential, place(tenantId, id)))
                .orElse(null));
  }

  private byte @Nullable [] sealed(UUID tenantId, UUID id, @Nullable String credential) {
    return credential == null ? null : secrets.seal(credential, place(tenantId, id));
  }

  static SealedPlace place(UUID tenantId, UUID id) {
    return new SealedPlace(tenantId, id.toString(), "deployment.credential");
  }

  private String json(DeploymentSpec spec) {
    return mapper.writeValueAsString(spec);
  }

  private Deployment deployment(ResultSet row) throws SQLException {
    return new Deployment(
        row.getObject("tenant_id", UUID.class),
        row.getObject("id", UUID.class),
        mapper.readValue(row.getString("spec"), DeploymentSpec.class),
        row.getInt("revision"),
        false,
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("updated_at").toInstant());
  }
}
