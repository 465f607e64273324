package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.NewMember;
import io.galerne.identity.Organization;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.Organizations;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import io.galerne.limits.Plans;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /v1/admin/organizations}, for the platform's operator, and {@code /v1/admin/organization},
 * for the people of one. The official contract has neither.
 */
@RestController
class OrganizationsController {
  private static final int NAME_MAX = 200;
  private static final int PERSON_NAME_MAX = 255;
  private static final int PLAN_MAX = 50;
  private static final int KEY_DAYS_MAX = 3650;
  private static final String PLAN_FORM = "[a-z0-9][a-z0-9_-]*";

  private final AdminRequests requests;
  private final Organizations organizations;
  private final Plans plans;

  OrganizationsController(AdminRequests requests, Organizations organizations, Plans plans) {
    this.requests = requests;
    this.organizations = organizations;
    this.plans = plans;
  }

  record Entry(
      UUID uuid,
      String name,
      String plan,
      boolean suspended,
      @JsonProperty("created_at") Instant createdAt,
      @JsonProperty("suspended_at") @Nullable Instant suspendedAt,
      @JsonProperty("api_key_days_max") @Nullable Integer apiKeyDaysMax) {
    static Entry of(Organization organization) {
      return new Entry(
          organization.id(),
          organization.name(),
          organization.plan(),
          organization.suspendedAt() != null,
          organization.createdAt(),
          organization.suspendedAt(),
          organization.keyDaysMax());
    }
  }

  record EntryList(
      long total,
      List<Entry> items,
      String object,
      int page,
      @JsonProperty("page_size") int pageSize) {}

  /** The key is in no other answer. */
  record CreatedEntry(
      Entry organization,
      @JsonProperty("owner_uuid") UUID ownerUuid,
      @JsonProperty("workspace_uuid") UUID workspaceUuid,
      @JsonProperty("admin_key_id") UUID adminKeyId,
      @JsonProperty("admin_key") String adminKey) {
    @Override
    public String toString() {
      return "CreatedEntry[" + organization + "]";
    }
  }

  private record Wanted(String name, @Nullable String plan, NewMember owner) {}

  @PostMapping("/v1/admin/organizations")
  @Requires(Permission.TENANTS_WRITE)
  CreatedEntry create(
      HttpServletRequest request, @AuthenticationPrincipal PlatformOperator operator) {
    Wanted wanted =
        requests.object(
            request,
            Set.of("name", "plan", "owner"),
            fields ->
                new Wanted(
                    fields.requiredText("name", NAME_MAX),
                    plan(fields),
                    fields.requiredObject(
                        "owner",
                        Set.of("email", "first_name", "last_name"),
                        OrganizationsController::owner)));
    Organizations.Created created =
        organizations.create(operator, wanted.name(), wanted.plan(), wanted.owner());
    return new CreatedEntry(
        Entry.of(created.organization()),
        created.ownerId(),
        created.workspaceId(),
        created.adminKey().id(),
        created.adminKey().secret());
  }

  private static NewMember owner(Fields fields) {
    return new NewMember(
        fields.requiredEmail("email"),
        fields.requiredText("first_name", PERSON_NAME_MAX),
        fields.requiredText("last_name", PERSON_NAME_MAX),
        Set.of(OrganizationRole.OWNER));
  }

  @GetMapping("/v1/admin/organizations")
  @Requires(Permission.TENANTS_READ)
  EntryList list(HttpServletRequest request, @AuthenticationPrincipal PlatformOperator operator) {
    Page.Wanted wanted = Query.of(request).page();
    Page<Organization> page = organizations.list(operator, wanted);
    return new EntryList(
        page.total(),
        page.items().stream().map(Entry::of).toList(),
        "list",
        wanted.number(),
        wanted.size());
  }

  @GetMapping("/v1/admin/organizations/{organization_uuid}")
  @Requires(Permission.TENANTS_READ)
  Entry get(
      @PathVariable("organization_uuid") String id,
      @AuthenticationPrincipal PlatformOperator operator) {
    return Entry.of(organizations.get(operator, Query.id("organization_uuid", id)));
  }

  @PatchMapping("/v1/admin/organizations/{organization_uuid}")
  @Requires(Permission.TENANTS_WRITE)
  Entry update(
      @PathVariable("organization_uuid") String id,
      HttpServletRequest request,
      @AuthenticationPrincipal PlatformOperator operator) {
    UUID organization = Query.id("organization_uuid", id);
    Organizations.Update update =
        requests.object(
            request,
            Set.of("name", "plan", "suspended"),
            fields ->
                new Organizations.Update(
                    fields.changedText("name", NAME_MAX),
                    plan(fields),
                    fields.has("suspended") ? fields.flag("suspended") : null));
    return Entry.of(organizations.update(operator, organization, update));
  }

  @GetMapping("/v1/admin/organization")
  @Requires(Permission.ORGANIZATION_READ)
  Entry own(@AuthenticationPrincipal TenantAdmin caller) {
    return Entry.of(organizations.own(caller));
  }

  private record OwnUpdate(
      @Nullable String name, boolean setsKeyDays, @Nullable Integer keyDaysMax) {}

  @PatchMapping("/v1/admin/organization")
  @Requires(Permission.ORGANIZATION_WRITE)
  Entry updateOwn(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    OwnUpdate update =
        requests.object(
            request,
            Set.of("name", "api_key_days_max"),
            fields -> {
              Long days = fields.integer("api_key_days_max", 1, KEY_DAYS_MAX);
              return new OwnUpdate(
                  fields.changedText("name", NAME_MAX),
                  fields.has("api_key_days_max"),
                  days == null ? null : days.intValue());
            });
    Organization organization = organizations.own(caller);
    if (update.name() != null) {
      organization = organizations.rename(caller, update.name());
    }
    if (update.setsKeyDays()) {
      organization = organizations.setKeyDaysMax(caller, update.keyDaysMax());
    }
    return Entry.of(organization);
  }

  private @Nullable String plan(Fields fields) {
    String plan = fields.changedText("plan", PLAN_MAX);
    if (plan != null && !plan.matches(PLAN_FORM)) {
      fields.wrong("plan", "string_pattern_mismatch", "String should match " + PLAN_FORM);
    } else if (plan != null && !plans.exists(plan)) {
      fields.wrong("plan", "value_error", "There is no plan of this name");
    }
    return plan;
  }
}
