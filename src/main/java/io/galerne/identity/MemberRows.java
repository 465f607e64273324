package io.galerne.identity;

import io.galerne.identity.MemberDetails.Membership;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of members. Every call needs the transaction of the members' tenant. */
@Component
class MemberRows {
  private final JdbcClient jdbc;
  private final Roles roles;

  MemberRows(JdbcClient jdbc, Roles roles) {
    this.jdbc = jdbc;
    this.roles = roles;
  }

  private record Person(
      UUID id, String email, String firstName, String lastName, Instant createdAt) {}

  private record RoleRow(
      UUID memberId, UUID workspaceId, String workspaceName, boolean isDefault, String role) {}

  /** From here to the end of the transaction nobody else changes the tenant's members or roles. */
  void lock(UUID tenantId) {
    jdbc.sql("select 1 from tenant where tenant_id = ? for no key update")
        .param(tenantId)
        .query()
        .listOfRows();
  }

  boolean exists(UUID id) {
    return jdbc.sql("select exists (select from member where id = ? and removed_at is null)")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  boolean hasEmail(String email) {
    return jdbc.sql("select exists (select from member where email = ? and removed_at is null)")
        .param(email)
        .query(Boolean.class)
        .single();
  }

  UUID insert(UUID tenantId, NewMember member, Instant now) {
    UUID id = UUID.randomUUID();
    jdbc.sql("insert into member values (?, ?, ?, ?, ?, ?)")
        .params(
            tenantId,
            id,
            member.email(),
            member.firstName(),
            member.lastName(),
            Timestamp.from(now))
        .update();
    roles.replace(tenantId, id, member.roles());
    return id;
  }

  void remove(UUID id, Instant now) {
    jdbc.sql("update member set removed_at = ? where id = ?")
        .params(Timestamp.from(now), id)
        .update();
    roles.removeEverywhere(id);
  }

  Optional<MemberDetails> find(UUID id) {
    return details(
            jdbc.sql("select * from member where id = ? and removed_at is null")
                .param(id)
                .query(new SimplePropertyRowMapper<>(Person.class))
                .list())
        .stream()
        .findFirst();
  }

  Page<MemberDetails> list(Page.Wanted wanted, @Nullable String email) {
    String filter = " from member where removed_at is null and position(:email in email) > 0";
    String part = email == null ? "" : email;
    long total =
        jdbc.sql("select count(*)" + filter).param("email", part).query(Long.class).single();
    List<Person> people =
        jdbc.sql("select *" + filter + " order by created_at, id limit :limit offset :offset")
            .param("email", part)
            .param("limit", wanted.size())
            .param("offset", wanted.offset())
            .query(new SimplePropertyRowMapper<>(Person.class))
            .list();
    return new Page<>(details(people), total);
  }

  /** The members of a workspace, and what they are in it. */
  List<MemberDetails> ofWorkspace(UUID workspaceId) {
    List<Person> people =
        jdbc.sql(
                """
                select m.* from member m
                where m.removed_at is null and exists
                  (select from workspace_role r where r.workspace_id = ? and r.member_id = m.id)
                order by m.created_at, m.id
                """)
            .param(workspaceId)
            .query(new SimplePropertyRowMapper<>(Person.class))
            .list();
    return details(people);
  }

  List<UUID> all() {
    return jdbc.sql("select id from member where removed_at is null")
        .query((row, _) -> row.getObject(1, UUID.class))
        .list();
  }

  private List<MemberDetails> details(List<Person> people) {
    List<UUID> ids = people.stream().map(Person::id).toList();
    Map<UUID, Set<OrganizationRole>> organization = roles.ofMembers(ids);
    Map<UUID, List<Membership>> workspaces = workspaces(ids);
    return people.stream()
        .map(
            person ->
                new MemberDetails(
                    person.id(),
                    person.email(),
                    person.firstName(),
                    person.lastName(),
                    person.createdAt(),
                    organization.getOrDefault(person.id(), Set.of()),
                    workspaces.getOrDefault(person.id(), List.of())))
        .toList();
  }

  private Map<UUID, List<Membership>> workspaces(Collection<UUID> memberIds) {
    List<RoleRow> rows =
        jdbc.sql(
                """
                select r.member_id, w.id as workspace_id, w.name as workspace_name, w.is_default, r.role
                from workspace_role r
                  join workspace w on w.tenant_id = r.tenant_id and w.id = r.workspace_id
                where r.member_id = any (?) and w.archived_at is null
                order by w.created_at, w.id, r.role
                """)
            .param(memberIds.toArray(UUID[]::new))
            .query(new SimplePropertyRowMapper<>(RoleRow.class))
            .list();
    Map<UUID, Map<UUID, Membership>> memberships = new HashMap<>();
    for (RoleRow row : rows) {
      Membership membership =
          memberships
              .computeIfAbsent(row.memberId(), _ -> new LinkedHashMap<>())
              .computeIfAbsent(
                  row.workspaceId(),
                  id ->
                      new Membership(
                          id,
                          row.workspaceName(),
                          row.isDefault(),
                          EnumSet.noneOf(WorkspaceRole.class)));
      WorkspaceRole.of(row.role()).ifPresent(membership.roles()::add);
    }
    Map<UUID, List<Membership>> lists = new HashMap<>();
    memberships.forEach((member, all) -> lists.put(member, new ArrayList<>(all.values())));
    return lists;
  }
}
