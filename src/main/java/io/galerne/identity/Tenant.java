package io.galerne.identity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An organisation whose data nobody else can see. */
@Entity
class Tenant {
  @Id
  @Column(name = "tenant_id")
  private UUID id;

  private String name;
  private Instant createdAt;
  @Version private @Nullable Integer version;

  @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
  protected Tenant() {}

  Tenant(UUID id, String name, Instant createdAt) {
    this.id = id;
    this.name = name;
    this.createdAt = createdAt;
  }

  UUID id() {
    return id;
  }

  String name() {
    return name;
  }

  Instant createdAt() {
    return createdAt;
  }
}
