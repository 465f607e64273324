package io.galerne.identity;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A part of a tenant, such as a team or a product, that has keys of its own. */
@Entity
class Workspace {
  @Id private UUID id;
  private UUID tenantId;
  private String name;
  private Instant createdAt;
  @Version private @Nullable Integer version;

  @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
  protected Workspace() {}

  Workspace(UUID tenantId, UUID id, String name, Instant createdAt) {
    this.tenantId = tenantId;
    this.id = id;
    this.name = name;
    this.createdAt = createdAt;
  }

  UUID id() {
    return id;
  }

  UUID tenantId() {
    return tenantId;
  }

  String name() {
    return name;
  }

  Instant createdAt() {
    return createdAt;
  }
}
