package io.galerne.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.database.TenantTransactions;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whose a key is, or was: for books that name a key long after it was deleted. */
@Component
public class KeyOwners {
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  KeyOwners(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * @param name what the key is called
   * @param display enough of the key to know it by
   * @param email of the member whom it was made for; null if nobody is named
   */
  public record KeyOwner(
      String name,
      String display,
      @JsonProperty("workspace_name") String workspaceName,
      @Nullable String email) {}

  /** Empty if the tenant never had such a key. */
  public Optional<KeyOwner> find(UUID tenantId, UUID keyId) {
    return transactions.inTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    select k.name, k.display, w.name as workspace_name, m.email
                    from api_key k
                      join workspace w on w.tenant_id = k.tenant_id and w.id = k.workspace_id
                      left join member m on m.tenant_id = k.tenant_id
                        and m.id = coalesce(k.person_id, k.created_by)
                    where k.tenant_id = ? and k.id = ?
                    """)
                .params(tenantId, keyId)
                .query(new SimplePropertyRowMapper<>(KeyOwner.class))
                .optional());
  }
}
