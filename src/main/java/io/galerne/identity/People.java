package io.galerne.identity;

import io.galerne.audit.Actor;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Members as people who sign in: found by their address, known with what they may do now. */
@Service
public class People {
  /** In how many organisations one address is looked for. */
  private static final int ORGANIZATIONS_MAX = 10;

  private final TransactionTemplate unknownTenant;
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final MemberRows members;
  private final Roles roles;
  private final ClientAddress addresses;

  People(
      PlatformTransactionManager transactionManager,
      TenantTransactions transactions,
      JdbcClient jdbc,
      MemberRows members,
      Roles roles,
      ClientAddress addresses) {
    this.unknownTenant = new TransactionTemplate(transactionManager);
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.members = members;
    this.roles = roles;
    this.addresses = addresses;
  }

  /** Names a member. */
  public record Reference(UUID tenantId, UUID memberId) {}

  /**
   * A member with what they may do now.
   *
   * @param operator whether they operate the platform as well
   */
  public record Profile(
      TenantAdmin admin,
      String email,
      String name,
      String organization,
      Set<OrganizationRole> roles,
      boolean operator) {}

  private record Organization(String name, boolean suspended, boolean operator) {}

  /** Members with this address, in whichever organisation; at most ten. */
  public List<Reference> withEmail(String email) {
    return Optional.ofNullable(
            unknownTenant.execute(
                _ -> {
                  TenantTransactions.setForTransaction(jdbc, "galerne.sign_in_email", email);
                  return jdbc.sql(
                          """
                          select tenant_id, id as member_id from member
                          where email = ? and removed_at is null order by created_at, id limit ?
                          """)
                      .params(email, ORGANIZATIONS_MAX)
                      .query(new SimplePropertyRowMapper<>(Reference.class))
                      .list();
                }))
        .orElse(List.of());
  }

  /** The member, if they still are one and their organisation is not suspended. */
  public Optional<Profile> profile(Reference person, HttpServletRequest request) {
    return transactions.inTenant(
        person.tenantId(),
        () -> members.find(person.memberId()).flatMap(m -> of(m, person, request)));
  }

  private Optional<Profile> of(MemberDetails member, Reference person, HttpServletRequest request) {
    Organization organization =
        jdbc.sql(
                """
                select name, suspended_at is not null as suspended,
                    exists (select from platform_operator where member_id = ?) as operator
                from tenant where tenant_id = ?
                """)
            .params(person.memberId(), person.tenantId())
            .query(Organization.class)
            .single();
    if (organization.suspended()) {
      return Optional.empty();
    }
    TenantAdmin admin =
        new TenantAdmin(
            person.tenantId(),
            member.id(),
            member.id(), // a session has no key: the member stands for it
            OrganizationRole.permissions(member.roles()),
            roles.permissionsInWorkspaces(member.id()),
            actor(person, request));
    String name = (member.firstName() + " " + member.lastName()).strip();
    return Optional.of(
        new Profile(
            admin,
            member.email(),
            name.isEmpty() ? member.email() : name,
            organization.name(),
            member.roles(),
            organization.operator()));
  }

  /** The person as the audit trail names them. */
  public Actor actor(Reference person, HttpServletRequest request) {
    return new Actor(
        Actor.Kind.MEMBER, person.memberId(), RequestIds.uuid(request), addresses.of(request));
  }
}
