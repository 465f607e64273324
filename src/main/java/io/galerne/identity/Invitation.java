package io.galerne.identity;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** An invitation that was not taken up yet, and may be too old to be. */
public record Invitation(
    UUID id,
    String email,
    Set<OrganizationRole> roles,
    List<UUID> workspaceIds,
    Instant createdAt,
    Instant expiresAt,
    boolean expired) {
  /** An invitation with the token that takes it up, which exists nowhere else. */
  public record Sent(Invitation invitation, String token) {
    @Override
    public String toString() {
      return "Sent[" + invitation + "]";
    }
  }
}
