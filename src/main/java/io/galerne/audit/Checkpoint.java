package io.galerne.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A signed statement that a chain had this hash at this row.
 *
 * @param at milliseconds since 1970
 * @param publicKey Ed25519, X.509 in Base64
 */
@JsonPropertyOrder({"tenant_id", "trail", "seq", "hash", "at", "public_key", "signature"})
record Checkpoint(
    @JsonProperty("tenant_id") UUID tenantId,
    @JsonProperty("trail") Trail trail,
    @JsonProperty("seq") long seq,
    @JsonProperty("hash") String hash,
    @JsonProperty("at") long at,
    @JsonProperty("public_key") String publicKey,
    @JsonProperty("signature") String signature) {
  byte[] statement() {
    return statement(tenantId, trail, seq, hash, at);
  }

  static byte[] statement(UUID tenantId, Trail trail, long seq, String hash, long at) {
    return String.join(
            "|", "galerne-checkpoint-1", tenantId.toString(), trail.name(), "" + seq, hash, "" + at)
        .getBytes(StandardCharsets.UTF_8);
  }

  boolean isSigned() {
    return Signer.verify(publicKey, statement(), signature);
  }
}
