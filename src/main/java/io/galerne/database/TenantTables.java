package io.galerne.database;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL's catalogue says about the tables that hold tenants' rows. */
final class TenantTables {
  /** A table counts as a tenant's by its column {@code tenant_id}. */
  private static final String UNPROTECTED =
      """
      select c.relname
      from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
        and exists (select from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
        and not (c.relrowsecurity and c.relforcerowsecurity
                 and exists (select from pg_policy p where p.polrelid = c.oid))
      union all
      -- a view reads with its owner's rights unless it is told to read with its reader's
      select c.relname
      from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('v', 'm')
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                        and d.objid = c.oid and d.deptype = 'e')
        and not exists (select from pg_options_to_table(c.reloptions) o
                        where o.option_name = 'security_invoker' and o.option_value::boolean)
      order by 1
      """;

  private static final String OWNED =
      """
      select c.relname
      from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition
        and exists (select from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
        and pg_has_role(current_user, c.relowner, 'USAGE')
      order by c.relname
      """;

  private TenantTables() {}

  /**
   * Tables whose rows are not guarded by forced row level security with a policy, and views that
   * look past it: all that don't read with their reader's rights, and all that are stored. Those of
   * extensions hold no tenant's rows.
   */
  static List<String> unprotected(JdbcClient jdbc) {
    return jdbc.sql(UNPROTECTED).query((row, _) -> row.getString("relname")).list();
  }

  /** Tables over which the current user has an owner's rights. */
  static List<String> ownedByCurrentUser(JdbcClient jdbc) {
    return jdbc.sql(OWNED).query((row, _) -> row.getString("relname")).list();
  }
}
