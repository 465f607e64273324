package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.Invitation;
import io.galerne.identity.Invitations;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.Permission;
import io.galerne.identity.RequestIds;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /v1/admin/users-invite}. Galerne sends no mail: whoever invites is told each token once
 * and passes it on.
 */
@RestController
class InvitationsController {
  private static final int EMAILS_MAX = 100;
  private static final int EMAILS_CHARS_MAX = 30_000;
  private static final int WORKSPACES_MAX = 100;
  private static final int NAME_MAX = 255;
  private static final int TOKEN_MAX = 100;

  private final AdminRequests requests;
  private final Invitations invitations;

  InvitationsController(AdminRequests requests, Invitations invitations) {
    this.requests = requests;
    this.invitations = invitations;
  }

  record SentEntry(
      @JsonProperty("invite_uuid") UUID inviteUuid,
      String email,
      String token,
      @JsonProperty("expires_at") Instant expiresAt) {
    static SentEntry of(Invitation.Sent sent) {
      Invitation invitation = sent.invitation();
      return new SentEntry(
          invitation.id(), invitation.email(), sent.token(), invitation.expiresAt());
    }
  }

  record Invited(
      @JsonProperty("invalid_emails") List<String> invalidEmails,
      @JsonProperty("already_members") List<String> alreadyMembers,
      @JsonProperty("invited_members_count") int invitedMembersCount,
      List<SentEntry> invitations) {}

  record Pending(
      @JsonProperty("invite_uuid") UUID inviteUuid, String email, List<UUID> roles, UUID role) {}

  record Joined(
      @JsonProperty("organization_uuid") UUID organizationUuid,
      @JsonProperty("user_uuid") UUID userUuid,
      String email) {}

  private record Wanted(String emails, Set<OrganizationRole> roles, List<UUID> workspaces) {}

  private record Acceptance(String token, String firstName, String lastName) {}

  @GetMapping("/v1/admin/users-invite")
  @Requires(Permission.MEMBERS_READ)
  List<Pending> list(@AuthenticationPrincipal TenantAdmin caller) {
    return invitations.pending(caller).stream()
        .map(
            invitation -> {
              List<UUID> roles = InvitationEntries.roles(invitation);
              return new Pending(invitation.id(), invitation.email(), roles, roles.getFirst());
            })
        .toList();
  }

  @PostMapping("/v1/admin/users-invite")
  @Requires(Permission.MEMBERS_WRITE)
  Invited invite(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Set<String> known =
        Set.of(
            "email",
            "role_names",
            "roles",
            "role_name",
            "role",
            "subscription_type",
            "subscription_types",
            "subscription_seat_automatic_granting",
            "email_language",
            "workspace_uuids");
    Wanted wanted = requests.object(request, known, InvitationsController::wanted);
    List<String> emails = addresses(wanted.emails());
    List<String> invalid = emails.stream().filter(email -> !Fields.isEmail(email)).toList();
    List<String> valid = emails.stream().filter(Fields::isEmail).toList();
    Invitations.Result result =
        invitations.invite(caller, valid, wanted.roles(), wanted.workspaces());
    return new Invited(
        invalid,
        result.alreadyMembers(),
        result.sent().size(),
        result.sent().stream().map(SentEntry::of).toList());
  }

  private static Wanted wanted(Fields fields) {
    Set<OrganizationRole> roles = fields.roles(OrganizationRole::of);
    String emails = fields.requiredLines("email", EMAILS_CHARS_MAX);
    if (addresses(emails).size() > EMAILS_MAX) {
      fields.wrong("email", "too_long", "At most " + EMAILS_MAX + " addresses at once");
    }
    return new Wanted(
        emails,
        roles == null ? Set.of(OrganizationRole.MEMBER) : roles,
        fields.ids("workspace_uuids", WORKSPACES_MAX));
  }

  /** Separated by commas or line ends, as people paste them. */
  private static List<String> addresses(String emails) {
    return Stream.of(emails.split("[,\\r\\n]"))
        .map(email -> email.strip().toLowerCase(Locale.ROOT))
        .filter(email -> !email.isEmpty())
        .distinct()
        .toList();
  }

  @PostMapping("/v1/admin/users-invite/{invite_uuid}/resend")
  @Requires(Permission.MEMBERS_WRITE)
  SentEntry resend(
      @PathVariable("invite_uuid") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return SentEntry.of(invitations.resend(caller, Query.id("invite_uuid", id)));
  }

  @DeleteMapping("/v1/admin/users-invite/{invite_uuid}")
  @Requires(Permission.MEMBERS_WRITE)
  UsersController.Deleted revoke(
      @PathVariable("invite_uuid") String id, @AuthenticationPrincipal TenantAdmin caller) {
    invitations.revoke(caller, Query.id("invite_uuid", id));
    return new UsersController.Deleted("Invitation revoked");
  }

  /** Without a key: the token proves who it is. */
  @PostMapping("/v1/admin/users-invite/accept")
  @Open
  Joined accept(HttpServletRequest request) {
    Acceptance acceptance =
        requests.object(
            request,
            Set.of("token", "first_name", "last_name"),
            fields ->
                new Acceptance(
                    fields.requiredText("token", TOKEN_MAX),
                    fields.requiredText("first_name", NAME_MAX),
                    fields.requiredText("last_name", NAME_MAX)));
    Invitations.Accepted accepted =
        invitations.accept(
            acceptance.token(),
            acceptance.firstName(),
            acceptance.lastName(),
            RequestIds.uuid(request),
            request.getRemoteAddr());
    return new Joined(accepted.tenantId(), accepted.memberId(), accepted.email());
  }
}
