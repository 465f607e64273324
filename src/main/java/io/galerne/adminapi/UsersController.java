package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.MemberDetails;
import io.galerne.identity.MemberDirectory;
import io.galerne.identity.NewMember;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/users}: the people of the caller's organisation. */
@RestController
class UsersController {
  private static final int USERS_MAX = 100;
  private static final int NAME_MAX = 255;
  private static final Set<String> ROLE_FIELDS =
      Set.of("role_names", "roles", "role_name", "role", "subscription_types");

  private final AdminRequests requests;
  private final MemberDirectory members;
  private final InvitationEntries invitations;

  UsersController(AdminRequests requests, MemberDirectory members, InvitationEntries invitations) {
    this.requests = requests;
    this.members = members;
    this.invitations = invitations;
  }

  record UserList(
      List<UserEntry> members,
      List<InvitationEntries.Entry> invites,
      long total,
      int page,
      @JsonProperty("page_size") int pageSize) {}

  record Created(
      @JsonProperty("invalid_emails") List<String> invalidEmails,
      @JsonProperty("email_to_user_id") Map<String, UUID> emailToUserId) {}

  record Deleted(String message) {}

  @GetMapping("/v1/admin/users")
  @Requires(Permission.MEMBERS_READ)
  UserList list(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Query query = Query.of(request);
    String email = query.text("email");
    Page.Wanted wanted = query.page();
    Page<MemberDetails> page =
        members.list(caller, wanted, email == null ? null : email.toLowerCase(Locale.ROOT));
    return new UserList(
        page.items().stream().map(UserEntry::of).toList(),
        invitations.of(caller, email),
        page.total(),
        wanted.number(),
        wanted.size());
  }

  /** Addresses that are none are told in the answer, as the contract has it; the rest is done. */
  @PostMapping("/v1/admin/users")
  @Requires(Permission.MEMBERS_WRITE)
  Created create(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    Set<String> fields =
        Set.of(
            "email",
            "first_name",
            "last_name",
            "role_names",
            "roles",
            "role_name",
            "role",
            "subscription_types");
    List<NewMember> asked = requests.list(request, USERS_MAX, fields, UsersController::newMember);
    List<String> invalid = new ArrayList<>();
    List<NewMember> valid = new ArrayList<>();
    for (NewMember member : asked) {
      if (Fields.isEmail(member.email())) {
        valid.add(member);
      } else {
        invalid.add(member.email());
      }
    }
    return new Created(invalid, members.create(caller, valid));
  }

  private static NewMember newMember(Fields fields) {
    Set<OrganizationRole> roles = fields.roles(OrganizationRole::of);
    fields.texts("subscription_types", 10, 50);
    return new NewMember(
        fields.requiredText("email", NAME_MAX).toLowerCase(Locale.ROOT),
        fields.requiredText("first_name", NAME_MAX),
        fields.requiredText("last_name", NAME_MAX),
        roles == null ? Set.of(OrganizationRole.MEMBER) : roles);
  }

  @GetMapping("/v1/admin/users/{user_id}")
  @Requires(Permission.MEMBERS_READ)
  UserEntry get(@PathVariable("user_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    return UserEntry.of(members.get(caller, Query.id("user_id", id)));
  }

  @PatchMapping("/v1/admin/users/{user_id}")
  @Requires(Permission.MEMBERS_WRITE)
  UserEntry update(
      @PathVariable("user_id") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal TenantAdmin caller) {
    UUID user = Query.id("user_id", id);
    Set<OrganizationRole> roles =
        requests.object(
            request,
            ROLE_FIELDS,
            fields -> {
              fields.texts("subscription_types", 10, 50);
              Set<OrganizationRole> wanted = fields.roles(OrganizationRole::of);
              return wanted == null ? Set.of() : wanted;
            });
    return UserEntry.of(
        roles.isEmpty() ? members.get(caller, user) : members.setRoles(caller, user, roles));
  }

  @DeleteMapping("/v1/admin/users/{user_id}")
  @Requires(Permission.MEMBERS_WRITE)
  Deleted delete(@PathVariable("user_id") String id, @AuthenticationPrincipal TenantAdmin caller) {
    members.remove(caller, Query.id("user_id", id));
    return new Deleted("User removed from the organization");
  }
}
