package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Invitation;
import io.galerne.identity.Invitations;
import io.galerne.identity.OrganizationRole;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Invitations as the list of users shows them. */
@Component
class InvitationEntries {
  private final Invitations invitations;

  InvitationEntries(Invitations invitations) {
    this.invitations = invitations;
  }

  record Entry(
      UUID uuid,
      @JsonProperty("raw_roles") List<UUID> rawRoles,
      @JsonProperty("raw_role") UUID rawRole,
      String email,
      boolean expired,
      @JsonProperty("created_at") Instant createdAt,
      @JsonProperty("expires_at") Instant expiresAt,
      @JsonProperty("workspace_uuids") List<UUID> workspaceUuids) {
    static Entry of(Invitation invitation) {
      List<UUID> roles = roles(invitation);
      return new Entry(
          invitation.id(),
          roles,
          roles.getFirst(),
          invitation.email(),
          invitation.expired(),
          invitation.createdAt(),
          invitation.expiresAt(),
          invitation.workspaceIds());
    }
  }

  List<Entry> of(TenantAdmin caller, @Nullable String email) {
    String part = email == null ? "" : email.toLowerCase(Locale.ROOT);
    return invitations.pending(caller).stream()
        .filter(invitation -> invitation.email().contains(part))
        .map(Entry::of)
        .toList();
  }

  static List<UUID> roles(Invitation invitation) {
    return invitation.roles().stream().sorted().map(OrganizationRole::id).toList();
  }
}
