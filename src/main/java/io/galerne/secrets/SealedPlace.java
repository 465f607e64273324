package io.galerne.secrets;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Where a sealed value belongs: it opens nowhere else.
 *
 * @param column table and column, such as {@code backend.credential}
 */
public record SealedPlace(UUID tenantId, String rowId, String column) {
  byte[] associatedData() {
    return (tenantId + "|" + rowId + "|" + column).getBytes(StandardCharsets.UTF_8);
  }
}
