package io.galerne.identity;

import io.galerne.database.TenantTransactions;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What to call the keys that use was counted under, those that have ended too. */
@Component
public class KeyNames {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  KeyNames(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * A key's name.
   *
   * @param person whether it stands for what a person uses in the pages; then the name is theirs
   */
  public record Name(String text, boolean person) {}

  public Map<UUID, Name> of(UUID tenantId, Collection<UUID> keys) {
    return transactions.inTenant(
        tenantId,
        () -> {
          Map<UUID, Name> names = new HashMap<>();
          jdbc.sql(
                  """
                  select id, case when name = '' then display else name end as name,
                      person_id is not null as person
                  from api_key where id = any (?)
                  """)
              .param(keys.toArray(UUID[]::new))
              .query(
                  row -> {
                    names.put(
                        row.getObject("id", UUID.class),
                        new Name(row.getString("name"), row.getBoolean("person")));
                  });
          return names;
        });
  }
}
