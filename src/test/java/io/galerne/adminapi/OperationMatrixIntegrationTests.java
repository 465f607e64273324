package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.OrganizationRole;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every operation of the Admin API, as the server itself lists them, for every role, on the
 * caller's own objects, on another tenant's and on none: who may not is refused the same way each
 * time, and another tenant's object answers byte for byte like one that does not exist.
 */
class OperationMatrixIntegrationTests extends AdminIntegrationTest {
  private static final String OBJECTS =
      "\\{(user_id|workspace_uuid|key_id|invite_uuid|organization_uuid|organization_id|policy_id)}";
  private static final String USER = "${user}";
  private static final String WORKSPACE = "${workspace}";

  /** Bodies that get as far as looking an id up; operations without one get an empty object. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry(
              "PATCH /v1/admin/users/{user_id}", "{\"role_names\": [\"member\", \"auditor\"]}"),
          Map.entry(
              "POST /v1/admin/users-invite",
              "{\"email\": \"nobody@matrix.example\", \"workspace_uuids\": [\"${workspace}\"]}"),
          Map.entry(
              "POST /v1/admin/workspaces", "{\"name\": \"M\", \"admin_user_id\": \"${user}\"}"),
          Map.entry("PATCH /v1/admin/workspaces/{workspace_uuid}", "{\"name\": \"M\"}"),
          Map.entry(
              "POST /v1/admin/workspaces/{workspace_uuid}/add-users",
              "{\"members\": [{\"user_uuid\": \"${user}\", \"role_names\": [\"user\"]}]}"),
          Map.entry(
              "PATCH /v1/admin/workspaces/{workspace_uuid}/users",
              "{\"members\": [{\"user_uuid\": \"${user}\", \"role_names\": [\"user\"]}]}"),
          Map.entry(
              "DELETE /v1/admin/workspaces/{workspace_uuid}/remove-users",
              "{\"members\": [{\"user_uuid\": \"${user}\"}]}"),
          Map.entry(
              "POST /v1/admin/api-keys",
              "{\"workspace_uuid\": \"${workspace}\", \"user_id\": \"${user}\"}"),
          Map.entry("POST /v1/admin/admin-keys", "{\"user_id\": \"${user}\", \"name\": \"M\"}"),
          Map.entry("POST /v1/admin/workspaces/{workspace_uuid}/spend-limit", "{\"amount\": 1}"),
          Map.entry("POST /v1/admin/api-keys/{key_id}/spend-limit", "{\"amount\": 1}"),
          Map.entry("PUT /v1/admin/policies/{policy_id}/draft", policy("changed")),
          Map.entry("POST /v1/admin/policies/{policy_id}/test", "{\"text\": \"hello\"}"));

  private static String policy(String name) {
    return """
    {"name": "%s", "rules": [{"id": "r", "type": "phrases", "phrases": ["bad thing"],
      "category": "c", "action": "flag"}]}
    """
        .formatted(name);
  }

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mapping;

  private record Operation(String method, String path, Requires requires) {
    String name() {
      return method + " " + path;
    }

    /** Whether the answer depends on an id; without one there is nothing to compare. */
    boolean looksSomethingUp() {
      return hasIds() || BODIES.containsKey(name());
    }

    /** Whether {@link Objects} has what the path names. */
    boolean isOfOwnObjects() {
      return hasIds() && path.replaceAll(OBJECTS, "").equals(path.replaceAll("\\{[^}]+}", ""));
    }

    boolean hasIds() {
      return path.contains("{");
    }
  }

  private record Role(
      String name, String key, Set<Permission> everywhere, Set<Permission> inWorkspace) {
    boolean may(Requires requires) {
      return everywhere.contains(requires.value())
          || (requires.inWorkspace() && inWorkspace.contains(requires.value()));
    }
  }

  /** Objects of one tenant, or ids that name nothing. */
  private record Objects(
      UUID user,
      UUID workspace,
      UUID apiKey,
      UUID adminKey,
      UUID invitation,
      UUID organization,
      UUID policy) {
    static Objects unknown() {
      return new Objects(
          UUID.randomUUID(),
          UUID.randomUUID(),
          UUID.randomUUID(),
          UUID.randomUUID(),
          UUID.randomUUID(),
          UUID.randomUUID(),
          UUID.randomUUID());
    }
  }

  @Test
  void foreignLooksLikeUnknownAndRolesHold() {
    Tenant other = createTenant("Other");
    Objects mine = objects(own, "mine");
    Objects foreign = objects(other, "foreign");
    List<Role> roles = roles(mine.workspace());
    List<String> deviations = new ArrayList<>();
    int calls = 0;
    for (Operation operation : operations()) {
      for (Role role : roles) {
        boolean allowed = role.may(operation.requires());
        for (Pair pair : pairs(operation, mine, foreign)) {
          Answer one = call(operation, role.key(), pair.foreign());
          Answer two = call(operation, role.key(), pair.unknown());
          calls += 2;
          String what = operation.name() + " as " + role.name() + ": ";
          // to the platform's operator every tenant is one of its own
          boolean tenants = role.name().equals("operator") && allowed;
          if (operation.looksSomethingUp()
              && !tenants
              && (one.status() != two.status() || !masked(one).equals(masked(two)))) {
            deviations.add(what + "foreign " + one.text() + " unknown " + two.text());
          }
          if (!allowed && (one.status() != 403 || !one.text().contains("permission_denied"))) {
            deviations.add(what + "not allowed and yet " + one.status() + one.text());
          }
          if (allowed && one.status() == 403 && !one.text().contains("more than your own")) {
            deviations.add(what + "allowed and yet " + one.text());
          }
          boolean pathIsForeign = operation.hasIds() && !pair.foreign().path().equals(mine);
          boolean platforms = role.name().equals("operator");
          if (one.status() >= 500 || (pathIsForeign && !platforms && one.status() / 100 == 2)) {
            deviations.add(what + one.status() + one.text());
          }
        }
      }
    }
    assertThat(deviations).isEmpty();
    assertThat(calls).isGreaterThan(500);
  }

  /** The control: on one's own objects the same calls find something. */
  @Test
  void ownObjectsAreFound() {
    Objects mine = objects(own, "mine");
    Map<String, Integer> statuses = new TreeMap<>();
    for (Operation operation : operations()) {
      boolean platform = PlatformOperator.permissions().contains(operation.requires().value());
      if (operation.isOfOwnObjects() && !platform && operation.method().equals("GET")) {
        // a policy that has no version has no difference between two
        String diff = operation.path().endsWith("/diff") ? "?from=0&to=0" : "";
        statuses.put(
            operation.name(), call(operation, own.key(), new Place(mine, mine), diff).status());
      }
    }
    assertThat(statuses)
        .containsKeys(
            "GET /v1/admin/policies/{policy_id}",
            "GET /v1/admin/api-keys/{key_id}/spend-limit",
            "GET /v1/admin/workspaces/{workspace_uuid}/rate-limit");
    assertThat(statuses.values()).allMatch(status -> status == 200);
  }

  @Test
  void everyOperationNamesAPermissionOrIsOpen() {
    List<String> bare = new ArrayList<>();
    mapping
        .getHandlerMethods()
        .forEach(
            (info, method) -> {
              boolean admin =
                  info.getPatternValues().stream().anyMatch(path -> path.startsWith("/v1/admin"));
              if (admin
                  && !method.hasMethodAnnotation(Requires.class)
                  && !method.hasMethodAnnotation(Open.class)) {
                bare.add(info.toString());
              }
            });
    assertThat(bare).isEmpty();
    assertThat(operations()).hasSizeGreaterThan(20);
  }

  @Test
  void kindsOfKeysDoNotMix() {
    String apiKey =
        post(
                own.key(),
                "/v1/admin/api-keys",
                "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                    .formatted(own.workspace(), own.owner()))
            .json()
            .get("key")
            .asString();
    assertThat(get(apiKey, "/v1/models").status()).isEqualTo(200);
    assertThat(get(own.key(), "/v1/models").status()).isEqualTo(401);
    assertThat(get(operator(), "/v1/models").status()).isEqualTo(401);
    for (Operation operation : operations()) {
      Place none = new Place(Objects.unknown(), Objects.unknown());
      for (String key : new String[] {apiKey, "gal_admin_nonsense", ""}) {
        Answer refused = call(operation, key, none);
        assertThat(refused.status()).as(operation.name()).isEqualTo(401);
        assertThat(masked(refused))
            .isEqualTo("{\"message\":\"Unauthorized\",\"request_id\":\"<id>\"}");
      }
    }
  }

  /** Sent again under its Idempotency-Key, each POST that was done is not done again. */
  @Test
  void everyPostIsDoneOnceUnderItsKey() {
    Objects mine = objects(own, "mine");
    List<String> done = new ArrayList<>();
    for (Operation operation : operations()) {
      if (operation.method().equals("POST")) {
        boolean platform = PlatformOperator.permissions().contains(operation.requires().value());
        String key = platform ? operator() : own.key();
        String[] header = {"Idempotency-Key", operation.path()};
        Answer first = call(operation, key, new Place(mine, mine), "", header);
        Answer second = call(operation, key, new Place(mine, mine), "", header);
        boolean carriedOut = first.status() / 100 == 2;
        assertThat(second.header("Idempotent-Replayed"))
            .as(operation.name() + first.text())
            .isEqualTo(carriedOut ? "true" : "");
        if (carriedOut) {
          assertThat(second.text()).isEqualTo(first.text());
          done.add(operation.name());
        }
      }
    }
    assertThat(done)
        .hasSizeGreaterThanOrEqualTo(12)
        .contains("POST /v1/admin/rate-limit", "POST /v1/admin/policies/{policy_id}/publish");
  }

  @Test
  void unknownRoutesAndMethodsAreTold() {
    Answer unknown = get(own.key(), "/v1/admin/nonsense");
    assertThat(unknown.status()).isEqualTo(404);
    Answer wrong = send(own.key(), "PUT", "/v1/admin/users", "{}");
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.header("allow")).isEqualTo("GET, POST");
    assertThat(get(own.key(), "/v1/admin/users/1-1-1-1-1").status()).isEqualTo(422);
    assertThat(get(own.key(), "/v1/admin/users?=nameless").status()).isEqualTo(400);
  }

  /** What the path and the body name, once of another tenant and once of nobody. */
  private record Place(Objects path, Objects body) {}

  private record Pair(Place foreign, Place unknown) {}

  /** Where a body has ids too, it is also tried with a path or a user of one's own. */
  private static List<Pair> pairs(Operation operation, Objects mine, Objects foreign) {
    Objects unknown = Objects.unknown();
    String body = BODIES.getOrDefault(operation.name(), "");
    List<Pair> pairs = new ArrayList<>();
    pairs.add(new Pair(new Place(foreign, foreign), new Place(unknown, unknown)));
    if (operation.hasIds() && body.contains(USER)) {
      pairs.add(new Pair(new Place(mine, foreign), new Place(mine, unknown)));
    }
    if (body.contains(USER) && body.contains(WORKSPACE)) {
      Objects theirs = mixed(mine, foreign);
      Objects nobodys = mixed(mine, unknown);
      pairs.add(new Pair(new Place(theirs, theirs), new Place(nobodys, nobodys)));
    }
    return pairs;
  }

  /** One's own user in somebody else's workspace. */
  private static Objects mixed(Objects mine, Objects others) {
    return new Objects(
        mine.user(),
        others.workspace(),
        others.apiKey(),
        others.adminKey(),
        others.invitation(),
        others.organization(),
        others.policy());
  }

  private Answer call(Operation operation, String key, Place place) {
    return call(operation, key, place, "");
  }

  private Answer call(
      Operation operation, String key, Place place, String query, String... headers) {
    Objects path = place.path();
    Objects body = place.body();
    UUID keyId = operation.path().contains("admin-keys") ? path.adminKey() : path.apiKey();
    String uri =
        operation
            .path()
            .replace("{user_id}", path.user().toString())
            .replace("{workspace_uuid}", path.workspace().toString())
            .replace("{key_id}", keyId.toString())
            .replace("{invite_uuid}", path.invitation().toString())
            .replace("{organization_uuid}", path.organization().toString())
            .replace("{organization_id}", path.organization().toString())
            .replace("{policy_id}", path.policy().toString())
            .replaceAll("\\{[^}]+}", path.user().toString());
    String template = BODIES.get(operation.name());
    boolean takesBody = template != null || !Set.of("GET", "DELETE").contains(operation.method());
    @Nullable String text =
        !takesBody
            ? null
            : (template == null ? "{}" : template)
                .replace(USER, body.user().toString())
                .replace(WORKSPACE, body.workspace().toString());
    return send(key, operation.method(), uri + query, text, headers);
  }

  private static String masked(Answer answer) {
    return answer
        .text()
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>")
        .replaceAll("[0-9a-f]{32}", "<id>");
  }

  private List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    mapping
        .getHandlerMethods()
        .forEach(
            (info, method) -> {
              Requires requires = requires(method);
              if (requires != null) {
                for (String path : info.getPatternValues()) {
                  info.getMethodsCondition()
                      .getMethods()
                      .forEach(verb -> operations.add(new Operation(verb.name(), path, requires)));
                }
              }
            });
    operations.sort(Comparator.comparing(Operation::name));
    return operations;
  }

  private static @Nullable Requires requires(HandlerMethod method) {
    return method.getMethodAnnotation(Requires.class);
  }

  private List<Role> roles(UUID workspace) {
    List<Role> roles = new ArrayList<>();
    roles.add(new Role("operator", operator(), PlatformOperator.permissions(), Set.of()));
    for (OrganizationRole role : OrganizationRole.values()) {
      UUID member =
          createUser(own, role.name().toLowerCase(Locale.ROOT) + "@roles.example", role.label());
      roles.add(new Role(role.label(), adminKey(own, member), role.permissions(), Set.of()));
    }
    for (WorkspaceRole role :
        new WorkspaceRole[] {
          WorkspaceRole.WORKSPACE_ADMIN, WorkspaceRole.DEV, WorkspaceRole.OBSERVABILITY_VIEWER
        }) {
      UUID member = createUser(own, role.label() + "@workspaces.example");
      Answer joined =
          post(
              own.key(),
              "/v1/admin/workspaces/" + workspace + "/add-users",
              "{\"members\": [{\"user_uuid\": \"%s\", \"role_names\": [\"%s\"]}]}"
                  .formatted(member, role.label()));
      assertThat(joined.status()).as(joined.text()).isEqualTo(200);
      roles.add(
          new Role(
              role.label(),
              adminKey(own, member),
              OrganizationRole.MEMBER.permissions(),
              role.permissions()));
    }
    return roles;
  }

  private Objects objects(Tenant tenant, String name) {
    UUID user = createUser(tenant, "object@" + name + ".example");
    UUID workspace =
        id(
            post(
                tenant.key(),
                "/v1/admin/workspaces",
                "{\"name\": \"%s\", \"admin_user_id\": \"%s\"}".formatted(name, tenant.owner())),
            "/uuid");
    UUID apiKey =
        id(
            post(
                tenant.key(),
                "/v1/admin/api-keys",
                "{\"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}".formatted(workspace, user)),
            "/key_id");
    UUID adminKey =
        id(
            post(tenant.key(), "/v1/admin/admin-keys", "{\"user_id\": \"%s\"}".formatted(user)),
            "/key_id");
    UUID invitation =
        id(
            post(
                tenant.key(),
                "/v1/admin/users-invite",
                "{\"email\": \"guest@" + name + ".example\"}"),
            "/invitations/0/invite_uuid");
    Answer policy = post(tenant.key(), "/v1/admin/policies", policy(name));
    assertThat(policy.status()).as(policy.text()).isEqualTo(201);
    return new Objects(
        user,
        workspace,
        apiKey,
        adminKey,
        invitation,
        tenant.id(),
        UUID.fromString(policy.json().get("id").asString()));
  }

  private static UUID id(Answer answer, String pointer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return UUID.fromString(answer.json().at(pointer).asString());
  }
}
