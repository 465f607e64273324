package io.galerne.identity;

import io.galerne.audit.Actor;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.audit.OperatorTrail;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.AdminCaller.TenantAdmin;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The tenants of the platform. Its operator creates, suspends and lists them and puts them on
 * plans, and sees nothing within them; a tenant's own people see and rename theirs.
 */
@Service
public class Organizations {
  private static final String SELECT =
      "select tenant_id as id, name, plan, created_at, suspended_at, key_days_max from tenant";

  private final TransactionTemplate platform;
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final MemberRows members;
  private final Roles roles;
  private final AdminKeys adminKeys;
  private final ApiKeyService keys;
  private final Invitations invitations;
  private final AuditLog audit;
  private final OperatorTrail trail;
  private final Clock clock;

  Organizations(
      PlatformTransactionManager transactionManager,
      TenantTransactions transactions,
      JdbcClient jdbc,
      MemberRows members,
      Roles roles,
      AdminKeys adminKeys,
      ApiKeyService keys,
      Invitations invitations,
      AuditLog audit,
      OperatorTrail trail,
      Clock clock) {
    this.platform = new TransactionTemplate(transactionManager);
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.members = members;
    this.roles = roles;
    this.adminKeys = adminKeys;
    this.keys = keys;
    this.invitations = invitations;
    this.audit = audit;
    this.trail = trail;
    this.clock = clock;
  }

  /** A new tenant, its first owner and workspace, and the owner's first admin key. */
  public record Created(
      Organization organization, UUID ownerId, UUID workspaceId, IssuedKey adminKey) {}

  /** A change; what is null stays. */
  public record Update(@Nullable String name, @Nullable String plan, @Nullable Boolean suspended) {}

  /** Creates a tenant with a first owner, who gets an admin key, and a default workspace. */
  public Created create(
      PlatformOperator operator, String name, @Nullable String plan, NewMember owner) {
    UUID tenantId = UUID.randomUUID();
    UUID workspaceId = UUID.randomUUID();
    Actor actor = operator.actor();
    return transactions.inTenant(
        tenantId,
        () -> {
          insert(tenantId, workspaceId, actor, name, plan);
          UUID ownerId = addOwner(tenantId, actor, owner);
          roles.replaceInWorkspace(
              tenantId, workspaceId, ownerId, Set.of(WorkspaceRole.WORKSPACE_ADMIN));
          IssuedKey key = adminKeys.issue(tenantId, actor, ownerId, "First admin key", null);
          return new Created(require(tenantId), ownerId, workspaceId, key);
        });
  }

  private void insert(
      UUID tenantId, UUID workspaceId, Actor actor, String name, @Nullable String plan) {
    Timestamp now = Timestamp.from(clock.instant());
    jdbc.sql("insert into tenant (tenant_id, name, created_at, version) values (?, ?, ?, 0)")
        .params(tenantId, name, now)
        .update();
    if (plan != null) {
      jdbc.sql("update tenant set plan = ? where tenant_id = ?").params(plan, tenantId).update();
    }
    jdbc.sql(
            """
            insert into workspace (tenant_id, id, name, created_at, version, is_default)
            values (?, ?, 'Default', ?, 0, true)
            """)
        .params(tenantId, workspaceId, now)
        .update();
    AuditEntry entry =
        AuditEntry.of(tenantId, actor, "organization.create", "ORGANIZATION", tenantId)
            .with("name", name);
    trail.recordBoth(plan == null ? entry : entry.with("plan", plan));
  }

  /** Creates a tenant with a default workspace, and invites its first owner. */
  public Invitation.Sent createInviting(
      PlatformOperator operator, UUID tenantId, String name, @Nullable String plan, String email) {
    UUID workspaceId = UUID.randomUUID();
    return transactions.inTenant(
        tenantId,
        () -> {
          insert(tenantId, workspaceId, operator.actor(), name, plan);
          return inviteOwner(operator.actor(), tenantId, email);
        });
  }

  /**
   * Invites an owner of a tenant, whose earlier invitation is worth nothing then.
   *
   * @throws RefusedException if there is no such tenant, or the address is a member's already
   */
  public Invitation.Sent inviteOwner(PlatformOperator operator, UUID tenantId, String email) {
    get(operator, tenantId);
    return transactions.inTenant(tenantId, () -> inviteOwner(operator.actor(), tenantId, email));
  }

  private Invitation.Sent inviteOwner(Actor actor, UUID tenantId, String email) {
    Invitation.Sent sent = invitations.inviteOwner(tenantId, actor, email);
    trail.recordPlatform(
        AuditEntry.of(tenantId, actor, "organization.owner.invite", "ORGANIZATION", tenantId)
            .with("email", email));
    return sent;
  }

  /**
   * Gives a tenant that nobody administers an owner with an admin key, as a first start does for
   * the demo tenant; empty if it has an owner already.
   */
  public Optional<IssuedKey> appointFirstOwner(UUID tenantId, String email, String name) {
    return transactions.inTenant(
        tenantId,
        () -> {
          members.lock(tenantId);
          if (members.hasEmail(email)) {
            return Optional.empty();
          }
          NewMember owner = new NewMember(email, name, "", Set.of(OrganizationRole.OWNER));
          UUID ownerId = addOwner(tenantId, Actor.system(), owner);
          return Optional.of(
              adminKeys.issue(tenantId, Actor.system(), ownerId, "First admin key", null));
        });
  }

  private UUID addOwner(UUID tenantId, Actor actor, NewMember owner) {
    UUID id = members.insert(tenantId, owner, clock.instant());
    audit.record(
        AuditEntry.of(tenantId, actor, "user.create", "USER", id)
            .with("roles", MemberDirectory.labels(owner.roles())));
    return id;
  }

  /** All tenants, oldest first. */
  public Page<Organization> list(PlatformOperator operator, Page.Wanted wanted) {
    return asOperator(
        () -> {
          String tenants = " where tenant_id <> ?";
          long total =
              jdbc.sql("select count(*) from tenant" + tenants)
                  .param(PlatformOrganization.ID)
                  .query(Long.class)
                  .single();
          List<Organization> items =
              jdbc.sql(SELECT + tenants + " order by created_at, tenant_id limit ? offset ?")
                  .params(PlatformOrganization.ID, wanted.size(), wanted.offset())
                  .query(new SimplePropertyRowMapper<>(Organization.class))
                  .list();
          return new Page<>(items, total);
        });
  }

  /**
   * @throws RefusedException if there is no such tenant
   */
  public Organization get(PlatformOperator operator, UUID tenantId) {
    if (tenantId.equals(PlatformOrganization.ID)) {
      throw RefusedException.unknown("organization");
    }
    return asOperator(() -> require(tenantId));
  }

  /** The caller's own tenant. */
  public Organization own(TenantAdmin caller) {
    return transactions.inTenant(caller.tenantId(), () -> require(caller.tenantId()));
  }

  /**
   * Renames a tenant, changes its plan, suspends or readmits it. While it is suspended all its keys
   * are refused, on every instance within a second.
   *
   * @throws RefusedException if there is no such tenant
   */
  public Organization update(PlatformOperator operator, UUID tenantId, Update update) {
    get(operator, tenantId);
    Organization after = update(tenantId, operator.actor(), update, trail::recordBoth);
    keys.forget(tenantId);
    return after;
  }

  /** Renames the caller's own tenant. */
  public Organization rename(TenantAdmin caller, String name) {
    return update(caller.tenantId(), caller.actor(), new Update(name, null, null), audit::record);
  }

  /** Sets the longest that new API keys of the caller's tenant may last, in days; null for any. */
  public Organization setKeyDaysMax(TenantAdmin caller, @Nullable Integer days) {
    return transactions.inTenant(
        caller.tenantId(),
        () -> {
          jdbc.sql("update tenant set key_days_max = ? where tenant_id = ?")
              .param(days)
              .param(caller.tenantId())
              .update();
          audit.record(
              AuditEntry.of(
                      caller.tenantId(),
                      caller.actor(),
                      "api_key_policy.update",
                      "API_KEY_POLICY",
                      caller.tenantId())
                  .with("days_max", days == null ? "none" : days));
          return require(caller.tenantId());
        });
  }

  private Organization update(
      UUID tenantId, Actor actor, Update update, Consumer<AuditEntry> note) {
    return transactions.inTenant(
        tenantId,
        () -> {
          jdbc.sql(
                  """
                  update tenant set name = coalesce(:name, name), plan = coalesce(:plan, plan),
                      suspended_at = case
                        when :suspended::boolean is null then suspended_at
                        when :suspended then coalesce(suspended_at, :now)
                      end
                  where tenant_id = :tenant
                  """)
              .param("name", update.name())
              .param("plan", update.plan())
              .param("suspended", update.suspended())
              .param("now", Timestamp.from(clock.instant()))
              .param("tenant", tenantId)
              .update();
          AuditEntry entry =
              AuditEntry.of(tenantId, actor, "organization.update", "ORGANIZATION", tenantId);
          if (update.name() != null) {
            entry = entry.with("name", update.name());
          }
          if (update.plan() != null) {
            entry = entry.with("plan", update.plan());
          }
          if (update.suspended() != null) {
            entry = entry.with("suspended", update.suspended());
          }
          note.accept(entry);
          return require(tenantId);
        });
  }

  private Organization require(UUID tenantId) {
    return jdbc.sql(SELECT + " where tenant_id = ?")
        .param(tenantId)
        .query(new SimplePropertyRowMapper<>(Organization.class))
        .optional()
        .orElseThrow(() -> RefusedException.unknown("organization"));
  }

  private <T> T asOperator(Supplier<T> work) {
    return Objects.requireNonNull(
        platform.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.operator", "on");
              return work.get();
            }));
  }
}
