package io.galerne.moderation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.database.TenantTransactions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the versions are called that ledger, records and decisions know by their hashes. */
@Component
public class PolicyNames {
  private static final String FLOOR = "floor:";

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;

  PolicyNames(TenantTransactions transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * A version.
   *
   * @param policyId null for the operator's floor
   * @param number the latest version with this content, if several have it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Named(
      @JsonProperty("content_hash") String hash,
      @JsonProperty("policy_id") @Nullable UUID policyId,
      @JsonProperty("name") @Nullable String name,
      @JsonProperty("version") @Nullable Integer number,
      @JsonProperty("floor") boolean floor) {
    private static Named unknown(String hash) {
      return new Named(hash, null, null, null, hash.startsWith(FLOOR));
    }
  }

  /** The same versions, by their hashes alone. */
  public static List<Named> withoutNames(@Nullable String versions) {
    return versions == null || versions.isEmpty()
        ? List.of()
        : Arrays.stream(versions.split(",", -1)).map(Named::unknown).toList();
  }

  /**
   * @param versions hashes with commas between them, as the ledger has them; null for none
   */
  public List<Named> of(UUID tenantId, @Nullable String versions) {
    if (versions == null || versions.isEmpty()) {
      return List.of();
    }
    List<String> hashes = Arrays.asList(versions.split(",", -1));
    Map<String, Named> known = new HashMap<>();
    transactions.runInTenant(
        tenantId,
        () ->
            jdbc.sql(
                    """
                    select v.content_hash, v.number, p.id, p.name
                    from moderation_policy_version v
                    join moderation_policy p on p.tenant_id = v.tenant_id and p.id = v.policy_id
                    where v.tenant_id = ? and v.content_hash = any(?)
                    order by v.published_at, v.number
                    """)
                .params(tenantId, hashes.toArray(String[]::new))
                .query(
                    row -> {
                      String hash = row.getString("content_hash");
                      known.put(
                          hash,
                          new Named(
                              hash,
                              row.getObject("id", UUID.class),
                              row.getString("name"),
                              row.getInt("number"),
                              false));
                    }));
    return hashes.stream().map(hash -> known.getOrDefault(hash, Named.unknown(hash))).toList();
  }
}
