package io.galerne.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an installation has that a restore must bring back: a tenant and its key, answers in the
 * ledger and in both chains, and a person's sealed conversation.
 */
final class Holdings {
  private static final int REQUESTS = 20;
  private static final int TOKENS = 7;
  private static final Pattern LINK = Pattern.compile("/sign-in/link\\?token=gal_link_\\w+");
  private static final Pattern CONVERSATION =
      Pattern.compile("\"conversation\":\"([0-9a-f-]{36})\"");

  private final ReplicaProcess replica;
  final Cluster.Tenant tenant;
  final ChatClient client;
  private final WebSession person;
  private final String conversation;

  /**
   * @param used what the month's usage has
   * @param intact whether both chains verify
   * @param events how many rows the trail has
   * @param talk the conversation as the person sees it
   */
  record Facts(String used, boolean intact, long events, String talk) {}

  /** Makes them. */
  Holdings(ReplicaProcess replica) throws IOException, InterruptedException {
    this.replica = replica;
    tenant = Cluster.newTenant(replica, "kept");
    client = new ChatClient(Cluster.newKey(replica, tenant).secret());
    ask(REQUESTS);
    person = new WebSession(replica.port());
    Matcher link = LINK.matcher(Files.readString(replica.log()));
    if (!link.find()) {
      throw new IOException("no link to sign in by");
    }
    person.signIn(link.group());
    String settings = "/console/chat-settings";
    person.form(settings, person.get(settings), Map.of("sealed", "on", "retentionDays", "30"));
    String answer =
        person.json(
            "/chat/api/answers",
            person.get("/chat"),
            "{\"text\": \"Count.\", \"model\": \"mistral-medium\", \"answerTokens\": 5}");
    Matcher id = CONVERSATION.matcher(answer);
    if (!id.find()) {
      throw new IOException("no conversation: " + answer);
    }
    conversation = id.group(1);
  }

  /** By the replica that they were made with. */
  void ask(int requests) throws IOException {
    for (int i = 0; i < requests; i++) {
      ChatClient.Seen seen = client.ask(replica.port(), TOKENS, i % 2 == 0);
      if (!seen.ended()) {
        throw new IOException("no answer: " + seen);
      }
    }
  }

  /** As a replica shows them now. */
  Facts facts(ReplicaProcess now) throws IOException, InterruptedException {
    person.moveTo(now.port());
    boolean intact = true;
    long events = 0;
    for (String trail : new String[] {"events", "answers"}) {
      JsonNode verdict = admin(now, "/v1/admin/audit/verify?trail=" + trail);
      intact &= verdict.get("intact").asBoolean();
      events += verdict.at("/rows").asLong();
    }
    JsonNode used = admin(now, "/v1/admin/usage");
    return new Facts(
        new JsonMapper().writeValueAsString(used.at("/completion")),
        intact,
        events,
        person.get("/chat/api/conversations/" + conversation));
  }

  private JsonNode admin(ReplicaProcess now, String path) throws IOException {
    return Cluster.admin(now.port(), tenant.adminKey(), "GET", path, "");
  }
}
