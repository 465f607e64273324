package io.galerne.identity;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.TenantAdmin;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Lets a person who is signed in use models as a {@link Caller}. For each workspace that they use
 * they have a key of their own that nobody holds: what they use is counted under it, and its caps
 * are the person's.
 */
@Service
public class PersonKeys {
  private static final int HASH_BYTES = 32;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  PersonKeys(TenantTransactions transactions, JdbcClient jdbc, Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** A workspace that a person may use. */
  public record Usable(UUID id, String name) {}

  /**
   * The workspaces that a person may use, those they are in first, then the organisation's default:
   * all of them for people with a role in the whole organisation that manages keys.
   */
  public List<Usable> workspaces(TenantAdmin person) {
    return transactions.inTenant(person.tenantId(), () -> usable(person));
  }

  private List<Usable> usable(TenantAdmin person) {
    return jdbc.sql(
            """
            select w.id, w.name
            from workspace w
              cross join lateral (select exists (select from workspace_role r
                where r.workspace_id = w.id and r.member_id = :member) as own) o
            where w.archived_at is null and (o.own or w.is_default or :all
              or not exists (select from workspace d where d.is_default and d.archived_at is null))
            order by o.own desc, w.is_default desc, w.created_at, w.id
            limit 200
            """)
        .param("member", person.memberId())
        .param("all", person.may(Permission.KEYS_WRITE))
        .query(new SimplePropertyRowMapper<>(Usable.class))
        .list();
  }

  /** The person as a caller in the first workspace that they may use. */
  public Caller caller(TenantAdmin person) {
    return transactions.inTenant(
        person.tenantId(),
        () ->
            usable(person).stream()
                .findFirst()
                .map(workspace -> find(person, workspace.id()))
                .orElseThrow(() -> RefusedException.unknown("workspace")));
  }

  /**
   * The person as a caller in a workspace.
   *
   * @throws RefusedException if there is no such workspace that they may use
   */
  public Caller caller(TenantAdmin person, UUID workspaceId) {
    return transactions.inTenant(
        person.tenantId(),
        () -> {
          if (usable(person).stream().noneMatch(workspace -> workspace.id().equals(workspaceId))) {
            throw RefusedException.unknown("workspace", "workspace");
          }
          return find(person, workspaceId);
        });
  }

  private Caller find(TenantAdmin person, UUID workspaceId) {
    UUID id =
        jdbc.sql(
                """
                select id from api_key
                where person_id = ? and workspace_id = ? and revoked_at is null
                """)
            .params(person.memberId(), workspaceId)
            .query(UUID.class)
            .optional()
            .orElseGet(() -> make(person, workspaceId));
    return new Caller(person.tenantId(), workspaceId, id);
  }

  /** Two requests may both find none; the one that comes second finds the other's. */
  private UUID make(TenantAdmin person, UUID workspaceId) {
    byte[] nobodysHash = new byte[HASH_BYTES];
    random.nextBytes(nobodysHash);
    UUID id = UUID.randomUUID();
    return jdbc.sql(
            """
            insert into api_key (tenant_id, id, workspace_id, name, display, key_hash, created_at,
                version, created_by, person_id, line_id)
            select :tenant, :id, :workspace, left(m.email, 255), '', :hash, :now, 0, :member,
                :member, :id
            from member m where m.id = :member
            on conflict (tenant_id, person_id, workspace_id)
              where person_id is not null and revoked_at is null
            do update set name = excluded.name
            returning id
            """)
        .param("tenant", person.tenantId())
        .param("id", id)
        .param("workspace", workspaceId)
        .param("hash", HexFormat.of().formatHex(nobodysHash))
        .param("now", Timestamp.from(clock.instant()))
        .param("member", person.memberId())
        .query(UUID.class)
        .single();
  }
}
