package io.galerne.identity;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is kept of an API key: who it stands for and how to recognise it, but not the key. */
@Entity
class ApiKey {
  @Id private UUID id;
  private UUID tenantId;
  private UUID workspaceId;
  private String name;
  private String display;

  @SuppressWarnings("unused") // only queries read it
  private String keyHash;

  private Instant createdAt;
  private @Nullable Instant expiresAt;
  private @Nullable Instant revokedAt;
  private @Nullable Instant lastUsedAt;
  @Version private @Nullable Integer version;

  @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
  protected ApiKey() {}

  ApiKey(Caller caller, String name, String display, String keyHash, Instant createdAt) {
    this.id = caller.apiKeyId();
    this.tenantId = caller.tenantId();
    this.workspaceId = caller.workspaceId();
    this.name = name;
    this.display = display;
    this.keyHash = keyHash;
    this.createdAt = createdAt;
  }

  Caller caller() {
    return new Caller(tenantId, workspaceId, id);
  }

  String name() {
    return name;
  }

  /** Enough of the key for its owner to tell it from others, too little to use. */
  String display() {
    return display;
  }

  Instant createdAt() {
    return createdAt;
  }

  @Nullable Instant expiresAt() {
    return expiresAt;
  }

  void expireAt(@Nullable Instant instant) {
    this.expiresAt = instant;
  }

  @Nullable Instant revokedAt() {
    return revokedAt;
  }

  /** From now on the key is refused; the first revocation is the one that counts. */
  void revoke(Instant now) {
    if (revokedAt == null) {
      revokedAt = now;
    }
  }

  @Nullable Instant lastUsedAt() {
    return lastUsedAt;
  }
}
