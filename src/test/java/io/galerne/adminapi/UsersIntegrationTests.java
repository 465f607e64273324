package io.galerne.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class UsersIntegrationTests extends AdminIntegrationTest {
  @Test
  void membersAreAddedListedAndRemoved() {
    UUID ada = createUser(own, "ada@own.example", "organization_admin");
    UUID alan = createUser(own, "alan@own.example");

    JsonNode list = get(own.key(), "/v1/admin/users?page=1&page_size=2").json();
    assertThat(list.get("total").asInt()).isEqualTo(3);
    assertThat(list.get("members")).hasSize(2);
    assertThat(get(own.key(), "/v1/admin/users?email=alan").json().get("members")).hasSize(1);

    JsonNode one = get(own.key(), "/v1/admin/users/" + ada).json();
    assertThat(one.get("email").asString()).isEqualTo("ada@own.example");
    assertThat(one.get("role_names").get(0).asString()).isEqualTo("organization_admin");

    assertThat(delete(own.key(), "/v1/admin/users/" + alan).status()).isEqualTo(200);
    assertThat(get(own.key(), "/v1/admin/users/" + alan).status()).isEqualTo(404);
  }

  @Test
  void theLastOwnerStays() {
    String path = "/v1/admin/users/" + own.owner();
    assertThat(delete(own.key(), path).status()).isEqualTo(409);
    Answer demoted = patch(own.key(), path, "{\"role_names\": [\"member\"]}");
    assertThat(demoted.status()).isEqualTo(409);
    assertThat(demoted.json().get("message").asString()).contains("last owner");

    UUID second = createUser(own, "second@own.example", "organization_owner");
    assertThat(delete(own.key(), path).status()).isEqualTo(200);
    // the key went with its member
    assertThat(get(own.key(), "/v1/admin/users/" + second).status()).isEqualTo(401);
  }

  @Test
  void ofTwoOwnersWhoDismissEachOtherOneStays() throws InterruptedException, ExecutionException {
    for (int round = 0; round < 5; round++) {
      Tenant tenant = createTenant("Race" + round);
      UUID second = createUser(tenant, "second@race.example", "organization_owner");
      String secondKey = adminKey(tenant, second);
      try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Answer> one = both.submit(() -> delete(tenant.key(), "/v1/admin/users/" + second));
        Future<Answer> two =
            both.submit(() -> delete(secondKey, "/v1/admin/users/" + tenant.owner()));
        long done = List.of(one.get(), two.get()).stream().filter(a -> a.status() == 200).count();
        assertThat(done).isEqualTo(1);
      }
    }
  }

  @Test
  void nobodyGivesMoreThanTheyHave() {
    UUID admin = createUser(own, "admin@own.example", "organization_admin");
    String adminKey = adminKey(own, admin);
    Answer promoted =
        patch(adminKey, "/v1/admin/users/" + admin, "{\"role_names\": [\"organization_owner\"]}");
    assertThat(promoted.status()).isEqualTo(403);
    assertThat(delete(adminKey, "/v1/admin/users/" + own.owner()).status()).isEqualTo(403);
    assertThat(
            post(
                    adminKey,
                    "/v1/admin/admin-keys",
                    "{\"user_id\": \"" + own.owner() + "\", \"name\": \"climb\"}")
                .status())
        .isEqualTo(403);
    // the negative control: the owner may
    assertThat(
            patch(
                    own.key(),
                    "/v1/admin/users/" + admin,
                    "{\"role_names\": [\"organization_owner\"]}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void wrongFieldsAreNamedAndNothingIsDone() {
    Answer answer =
        post(
            own.key(),
            "/v1/admin/users",
            """
            [{"email": "x@own.example", "first_name": "X", "last_name": "Y"},
             {"email": "y@own.example", "first_name": 1, "tenant_id": "t", "role_names": ["king"]}]
            """);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").findValuesAsString("type"))
        .contains("extra_forbidden", "string_type", "missing", "enum");
    assertThat(answer.text()).contains("[\"body\",1,\"tenant_id\"]");
    assertThat(get(own.key(), "/v1/admin/users").json().get("total").asInt()).isEqualTo(1);
  }

  @Test
  void anInvitationIsTakenUpOnce() {
    JsonNode sent =
        post(
                own.key(),
                "/v1/admin/users-invite",
                """
                {"email": "Grace@own.example, nonsense,\\n owner@own.example",
                 "role_names": ["developer"], "workspace_uuids": ["%s"]}
                """
                    .formatted(own.workspace()))
            .json();
    assertThat(sent.get("invited_members_count").asInt()).isEqualTo(1);
    assertThat(sent.get("invalid_emails").get(0).asString()).isEqualTo("nonsense");
    assertThat(sent.get("already_members").get(0).asString()).isEqualTo("owner@own.example");
    String first = sent.at("/invitations/0/token").asString();
    String id = sent.at("/invitations/0/invite_uuid").asString();

    String second =
        post(own.key(), "/v1/admin/users-invite/" + id + "/resend", null)
            .json()
            .get("token")
            .asString();
    assertThat(accept(first).status()).isEqualTo(404);
    Answer joined = accept(second);
    assertThat(joined.status()).as(joined.text()).isEqualTo(200);
    assertThat(accept(second).text()).isEqualTo(accept(first).text());

    JsonNode member =
        get(own.key(), "/v1/admin/users/" + joined.json().get("user_uuid").asString()).json();
    assertThat(member.get("email").asString()).isEqualTo("grace@own.example");
    assertThat(member.get("role_names").get(0).asString()).isEqualTo("developer");
    assertThat(member.at("/workspaces/0/role_names/0").asString())
        .isEqualTo("workspace_contributor");
  }

  @Test
  void aRevokedInvitationIsWorthNothing() {
    JsonNode sent =
        post(own.key(), "/v1/admin/users-invite", "{\"email\": \"g@own.example\"}").json();
    String id = sent.at("/invitations/0/invite_uuid").asString();
    assertThat(delete(own.key(), "/v1/admin/users-invite/" + id).status()).isEqualTo(200);
    assertThat(accept(sent.at("/invitations/0/token").asString()).status()).isEqualTo(404);
    assertThat(get(own.key(), "/v1/admin/users-invite").json()).isEmpty();
  }

  private Answer accept(String token) {
    return post(
        null,
        "/v1/admin/users-invite/accept",
        "{\"token\": \"%s\", \"first_name\": \"G\", \"last_name\": \"H\"}".formatted(token));
  }
}
