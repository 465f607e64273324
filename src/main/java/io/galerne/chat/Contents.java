package io.galerne.chat;

import io.galerne.secrets.SealedPlace;
import io.galerne.secrets.TenantCipher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads the words of one tenant's rows: as JSON, or sealed under the tenant's key. Rows
 * of both kinds lie beside each other after the tenant has changed its mind.
 */
final class Contents {
  private final UUID tenantId;
  private final boolean seals;
  private final JsonMapper json;
  private final ChatKeys keys;
  private @Nullable TenantCipher cipher;

  /**
   * @param seals whether what is written now is sealed
   */
  Contents(UUID tenantId, boolean seals, JsonMapper json, ChatKeys keys) {
    this.tenantId = tenantId;
    this.seals = seals;
    this.json = json;
    this.keys = keys;
  }

  /** One of the two is null. */
  record Stored(@Nullable String content, byte @Nullable [] sealed) {
    static Stored of(ResultSet row) throws SQLException {
      return new Stored(row.getString("content"), row.getBytes("sealed"));
    }
  }

  boolean seals() {
    return seals;
  }

  Stored write(String table, UUID id, Object words) {
    return seals
        ? new Stored(null, cipher().seal(json.writeValueAsBytes(words), place(table, id)))
        : new Stored(json.writeValueAsString(words), null);
  }

  <T> T read(String table, UUID id, Stored stored, Class<T> type) {
    byte[] sealed = stored.sealed();
    return sealed == null
        ? json.readValue(stored.content(), type)
        : json.readValue(cipher().open(sealed, place(table, id)), type);
  }

  private SealedPlace place(String table, UUID id) {
    return new SealedPlace(tenantId, id.toString(), table + ".sealed");
  }

  private TenantCipher cipher() {
    if (cipher == null) {
      cipher = keys.cipher(tenantId);
    }
    return cipher;
  }
}
