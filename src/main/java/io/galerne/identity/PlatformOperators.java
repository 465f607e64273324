package io.galerne.identity;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.audit.OperatorTrail;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.People.Reference;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * People who operate the platform. A role in an organisation never makes one: operators are made by
 * operators, the first with an operator's key. Who is new becomes a member of {@link
 * PlatformOrganization}, where members have no rights.
 */
@Service
public class PlatformOperators {
  private static final int OPERATORS_MAX = 200;

  private final TransactionTemplate platform;
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final TenantRegistry tenants;
  private final MemberRows members;
  private final SignInLinks links;
  private final OperatorTrail trail;
  private final AuditLog audit;
  private final Clock clock;

  PlatformOperators(
      PlatformTransactionManager transactionManager,
      TenantTransactions transactions,
      JdbcClient jdbc,
      TenantRegistry tenants,
      MemberRows members,
      SignInLinks links,
      OperatorTrail trail,
      AuditLog audit,
      Clock clock) {
    this.platform = new TransactionTemplate(transactionManager);
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.tenants = tenants;
    this.members = members;
    this.links = links;
    this.trail = trail;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Somebody who operates the platform.
   *
   * @param organization where they are a member
   * @param elsewhere whether that is a tenant and not {@link PlatformOrganization}
   */
  public record Account(
      UUID id,
      String email,
      String name,
      String organization,
      boolean elsewhere,
      Instant appointedAt) {}

  private record Appointed(UUID tenantId, UUID memberId, Instant appointedAt) {}

  /** A person and the token of the link that signs them in once; nobody can read it again. */
  public record Invited(Account account, String token) {
    @Override
    public String toString() {
      return "Invited[" + account + "]";
    }
  }

  /** All operators, those who were appointed first first; at most 200. */
  public List<Account> list(PlatformOperator operator) {
    List<Account> accounts = new ArrayList<>();
    for (Appointed appointed : appointed()) {
      account(appointed).ifPresent(accounts::add);
    }
    return accounts;
  }

  private List<Appointed> appointed() {
    List<Appointed> found =
        platform.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.operator", "on");
              return jdbc.sql(
                      """
                      select tenant_id, member_id, appointed_at from platform_operator
                      order by appointed_at, member_id limit ?
                      """)
                  .param(OPERATORS_MAX)
                  .query(new SimplePropertyRowMapper<>(Appointed.class))
                  .list();
            });
    return found == null ? List.of() : found;
  }

  private Optional<Account> account(Appointed appointed) {
    return transactions.inTenant(
        appointed.tenantId(), () -> members.find(appointed.memberId()).map(m -> of(m, appointed)));
  }

  private Account of(MemberDetails member, Appointed appointed) {
    String organization =
        jdbc.sql("select name from tenant where tenant_id = ?")
            .param(appointed.tenantId())
            .query(String.class)
            .single();
    String name = (member.firstName() + " " + member.lastName()).strip();
    return new Account(
        member.id(),
        member.email(),
        name.isEmpty() ? member.email() : name,
        organization,
        !appointed.tenantId().equals(PlatformOrganization.ID),
        appointed.appointedAt());
  }

  /**
   * Makes somebody an operator, or makes another link for one of the platform's own organisation. A
   * link made before is worth nothing then.
   */
  public Invited invite(
      PlatformOperator operator, String email, String firstName, String lastName) {
    tenants.registerTenant(PlatformOrganization.ID, PlatformOrganization.NAME);
    return transactions.inTenant(
        PlatformOrganization.ID,
        () -> {
          members.lock(PlatformOrganization.ID);
          requireRoom();
          UUID id =
              byEmail(email)
                  .orElseGet(
                      () ->
                          members.insert(
                              PlatformOrganization.ID,
                              new NewMember(email, firstName, lastName, Set.of()),
                              clock.instant()));
          jdbc.sql("insert into platform_operator values (?, ?, ?) on conflict do nothing")
              .params(PlatformOrganization.ID, id, Timestamp.from(clock.instant()))
              .update();
          String token = links.issue(new Reference(PlatformOrganization.ID, id));
          trail.recordPlatform(
              entry(operator, PlatformOrganization.ID, "platform.operator.invite", id)
                  .with("email", email));
          Appointed appointed =
              jdbc.sql("select * from platform_operator where member_id = ?")
                  .param(id)
                  .query(new SimplePropertyRowMapper<>(Appointed.class))
                  .single();
          return new Invited(of(members.find(id).orElseThrow(), appointed), token);
        });
  }

  private Optional<UUID> byEmail(String email) {
    return jdbc.sql("select id from member where email = ? and removed_at is null")
        .param(email)
        .query(UUID.class)
        .optional();
  }

  private void requireRoom() {
    if (jdbc.sql("select count(*) from platform_operator").query(Long.class).single()
        >= OPERATORS_MAX) {
      throw RefusedException.conflict("email", "There are " + OPERATORS_MAX + " operators already");
    }
  }

  /**
   * Takes the right away; it is gone with the person's next request. Members of a tenant stay that.
   *
   * @throws RefusedException if there is no such operator, or it is the caller
   */
  public void dismiss(PlatformOperator operator, UUID id) {
    if (id.equals(operator.keyId())) {
      throw RefusedException.conflict(null, "Operators can't dismiss themselves");
    }
    UUID tenant =
        appointed().stream()
            .filter(found -> found.memberId().equals(id))
            .map(Appointed::tenantId)
            .findFirst()
            .orElseThrow(() -> RefusedException.unknown("operator"));
    transactions.runInTenant(
        tenant,
        () -> {
          jdbc.sql("delete from platform_operator where member_id = ?").param(id).update();
          AuditEntry entry = entry(operator, tenant, "platform.operator.dismiss", id);
          if (tenant.equals(PlatformOrganization.ID)) {
            members.remove(id, clock.instant());
          } else {
            audit.record(entry);
          }
          trail.recordPlatform(entry);
        });
  }

  private static AuditEntry entry(
      PlatformOperator operator, UUID tenant, String action, UUID person) {
    return AuditEntry.of(tenant, operator.actor(), action, "USER", person);
  }
}
