package io.galerne.chat;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.database.OwnerDatabase;
import io.galerne.database.TestDatabase;
import io.galerne.identity.RefusedException;
import io.galerne.identity.TenantRegistry;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Conversations in a real database, answered by the bundled weights. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import({TestDatabase.class, ChatMembers.class})
class ChatIntegrationTests {
  private static final String MODEL = "smollm2-135m-instruct";

  @Autowired Answering answering;
  @Autowired Conversations conversations;
  @Autowired ChatSettingsRows settings;
  @Autowired ChatKeeper keeper;
  @Autowired ChatTransactions transactions;
  @Autowired Allowances allowances;
  @Autowired ChatMembers members;
  @Autowired TenantRegistry registry;
  @Autowired JdbcClient jdbc;
  @Autowired TestDatabase.Database database;

  private UUID tenant;
  private Chatter ada;
  private Chatter bob;

  @BeforeEach
  void setUp() {
    tenant = members.tenant();
    ada = members.memberOf(tenant);
    bob = members.memberOf(tenant);
  }

  @Test
  void anAnswerIsKeptWithWhatTheLedgerHasOfIt() {
    Turn turn = ask(ada, "Say hello.").turn();

    Conversations.Opened opened = conversations.open(ada, turn.conversation().id());
    assertThat(opened.messages()).hasSize(2);
    assertThat(opened.conversation().words().title()).isEqualTo("Say hello.");
    Message answer = opened.messages().getLast();
    assertThat(answer.state()).isIn(MessageState.DONE, MessageState.LENGTH);
    assertThat(answer.words().text()).isNotBlank();
    Message.Usage usage = requireNonNull(answer.usage());
    assertThat(usage.completionTokens()).isPositive();
    Allowance used = allowances.of(ada);
    assertThat(used.messagesToday()).isEqualTo(1);
    assertThat(used.tokensToday()).isEqualTo(usage.promptTokens() + usage.completionTokens());
    assertThat(used.tokensHeld()).isZero();
  }

  @Test
  void repeatingExactlyGivesTheSameWords() {
    Listener first = ask(ada, "Tell me about the sea.", 64);
    UUID conversation = first.turn().conversation().id();
    UUID answer = first.turn().answer().id();
    Listener again = new Listener();
    answering.answer(ada, new Ask(conversation, null, null, answer, true, null, options(8)), again);

    assertThat(again.text()).isEqualTo(first.text()).isNotBlank();
    assertThat(conversations.open(ada, conversation).messages()).hasSize(3);
  }

  @Test
  void nobodyElseSeesAConversation() {
    UUID id = ask(ada, "A secret.").turn().conversation().id();
    Chatter stranger = members.memberOf(members.tenant());

    for (Chatter other : List.of(bob, stranger)) {
      assertUnknown(() -> conversations.open(other, id));
      assertUnknown(() -> conversations.rename(other, id, "mine"));
      assertUnknown(() -> conversations.delete(other, id));
      assertUnknown(() -> conversations.share(other, id));
      assertThat(conversations.list(other, 0).conversations()).isEmpty();
      assertThat(conversations.search(other, "secret")).isEmpty();
      assertUnknown(() -> ask(other, id, null, "And then?", 8));
    }
    assertUnknown(() -> conversations.open(ada, UUID.randomUUID()));
  }

  @Test
  void queriesWithoutWhereSeeTheMembersOwnRowsOnly() {
    ask(ada, "A secret.");
    assertThat(count(ada, "chat_conversation")).isEqualTo(1);
    assertThat(count(ada, "chat_message")).isEqualTo(2);
    assertThat(count(bob, "chat_conversation")).isZero();
    assertThat(count(bob, "chat_message")).isZero();
    // not as the tenant alone, either
    assertThat(transactions.inTenant(tenant, () -> all("chat_message"))).isZero();
    assertThat(all("chat_message")).isZero();
  }

  /** The control: without the policies the same query sees what others wrote. */
  @Test
  void withRowSecurityOffTheSameQuerySeesIt() throws Exception {
    ask(ada, "A secret.");
    OwnerDatabase.execute(database, "alter table chat_message disable row level security");
    try {
      assertThat(count(bob, "chat_message")).isGreaterThanOrEqualTo(2);
    } finally {
      OwnerDatabase.execute(database, "alter table chat_message enable row level security");
    }
    assertThat(count(bob, "chat_message")).isZero();
  }

  @Test
  void aSharedConversationIsReadWithinTheTenantUntilThatEnds() {
    Turn turn = ask(ada, "What is a tide?").turn();
    UUID id = turn.conversation().id();
    UUID share = conversations.share(ada, id).id();
    ask(ada, id, turn.answer().id(), "And what is a wave?", 8);

    Conversations.Opened read = conversations.shared(tenant, share);
    assertThat(read.messages()).hasSize(2); // as it was when it was shared
    assertUnknown(() -> conversations.shared(members.tenant(), share));
    assertUnknown(() -> conversations.open(bob, id));
    int changed =
        transactions.reading(
            tenant, share, () -> jdbc.sql("update chat_message set state = 'DONE'").update());
    assertThat(changed).isZero();

    assertThat(conversations.share(ada, id).id()).isEqualTo(share);
    assertThat(conversations.shared(tenant, share).messages()).hasSize(4);
    conversations.unshare(ada, id);
    assertUnknown(() -> conversations.shared(tenant, share));
  }

  @Test
  void editedQuestionsAndRepeatedAnswersAreBranches() {
    Turn first = ask(ada, "One.").turn();
    UUID id = first.conversation().id();
    ask(ada, id, null, "Two.", 8);
    List<Message> tree = conversations.open(ada, id).messages();

    assertThat(tree).hasSize(4);
    assertThat(tree).filteredOn(message -> message.parentId() == null).hasSize(2);
    assertThat(conversations.open(ada, id).conversation().headId()).isEqualTo(tree.getLast().id());
    conversations.show(ada, id, first.answer().id());
    assertThat(conversations.open(ada, id).conversation().headId()).isEqualTo(first.answer().id());
    assertUnknown(() -> conversations.show(ada, id, UUID.randomUUID()));
  }

  @Test
  void aStoppedAnswerIsKeptAsFarAsItCame() {
    UUID[] answer = new UUID[1];
    Listener[] listener = new Listener[1];
    listener[0] =
        new Listener(
            () -> {
              answer[0] = listener[0].turn().answer().id();
              answering.stop(ada, answer[0]);
            });
    answering.answer(
        ada,
        new Ask(null, null, "Count to a thousand.", null, false, null, options(200)),
        listener[0]);

    Message kept = conversations.message(ada, answer[0]);
    assertThat(kept.state()).isEqualTo(MessageState.STOPPED);
    assertThat(kept.words().text()).isEqualTo(listener[0].text()).isNotEmpty();
    assertThat(kept.usage()).isNotNull();
    assertUnknown(() -> answering.stop(bob, answer[0]));
  }

  @Test
  void anAnswerThatIsStoppedBeforeItsFirstWordFreesItsPlaceAtOnce() {
    Chatter warm = members.memberOf(tenant);
    long start = System.nanoTime();
    long[] first = new long[1];
    ask(warm, null, null, longQuestion("one"), 1, new Listener(() -> first[0] = System.nanoTime()));
    long toFirstWord = first[0] - start;

    long[] stopped = new long[1];
    Listener impatient =
        new Listener() {
          @Override
          public void begin(Turn begun) {
            super.begin(begun);
            answering.stop(ada, begun.answer().id());
            stopped[0] = System.nanoTime();
          }
        };
    ask(ada, null, null, longQuestion("two"), 200, impatient);
    long toEnd = System.nanoTime() - stopped[0];

    assertThat(impatient.text()).isEmpty();
    Message kept = conversations.message(ada, impatient.turn().answer().id());
    assertThat(kept.state()).isEqualTo(MessageState.STOPPED);
    // without it the answer would end with its first word at the earliest
    assertThat(toEnd).isLessThan(toFirstWord / 2).isLessThan(2_000_000_000L);
  }

  private static String longQuestion(String topic) {
    return "Tell me about number %s. ".formatted(topic).repeat(180);
  }

  private void ask(
      Chatter chatter,
      @Nullable UUID conversation,
      @Nullable UUID parent,
      String question,
      int tokens,
      Listener listener) {
    answering.answer(
        chatter,
        new Ask(conversation, parent, question, null, false, null, options(tokens)),
        listener);
  }

  @Test
  void whoeverIsInSeveralWorkspacesSaysWhichOnePays() {
    UUID second = UUID.randomUUID();
    registry.registerWorkspace(tenant, second, "Second");
    Ask question = new Ask(null, null, "Hello.", null, false, null, options(4));
    answering.answer(ada, second, question, new Listener());
    answering.answer(ada, question, new Listener());
    assertThat(
            transactions.inTenant(
                tenant,
                () ->
                    jdbc.sql("select workspace_id from usage_event order by number")
                        .query(UUID.class)
                        .list()))
        .hasSize(2)
        .startsWith(second)
        .doesNotHaveDuplicates();
    UUID foreign = UUID.randomUUID();
    registry.registerWorkspace(members.tenant(), foreign, "Foreign");
    for (UUID other : List.of(foreign, UUID.randomUUID())) {
      assertThatThrownBy(() -> answering.answer(ada, other, question, new Listener()))
          .isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void sealedConversationsAreNoiseInTheDatabaseAndFoundAllTheSame() {
    UUID before = ask(ada, "Where do albatrosses sleep?").turn().conversation().id();
    assertThat(stored(ada)).contains("albatrosses");
    seal(true);
    UUID after = ask(ada, "Où dorment les hérons cendrés ?").turn().conversation().id();
    assertThat(stored(ada)).doesNotContain("hérons").contains("albatrosses");
    keeper.run();

    assertThat(stored(ada)).doesNotContain("albatrosses").doesNotContain("herons");
    assertThat(conversations.search(ada, "ALBATROSSES")).hasSize(1);
    assertThat(conversations.search(ada, "herons cendres")).hasSize(1);
    assertThat(conversations.open(ada, before).conversation().words().title())
        .isEqualTo("Where do albatrosses sleep?");
    seal(false);
    keeper.run();
    assertThat(stored(ada)).contains("albatrosses").contains("hérons");
    assertThat(conversations.open(ada, after).messages()).hasSize(2);
  }

  @Test
  void deletedConversationsAreGone() {
    UUID id = ask(ada, "Forget me.").turn().conversation().id();
    conversations.delete(ada, id);

    assertUnknown(() -> conversations.open(ada, id));
    assertThat(count(ada, "chat_message")).isZero();
    assertThat(allowances.of(ada).messagesToday()).isEqualTo(1); // what was used stays used
  }

  @Test
  void theKeeperDeletesWhatIsOldAndWhoseMemberIsGone() {
    UUID old = ask(ada, "Long ago.").turn().conversation().id();
    UUID recent = ask(ada, "Today.").turn().conversation().id();
    ask(bob, "I leave.");
    transactions.as(
        ada,
        () ->
            jdbc.sql(
                    "update chat_conversation set updated_at = now() - interval '366 days' where id"
                        + " = ?")
                .param(old)
                .update());
    transactions.inTenant(
        tenant,
        () ->
            jdbc.sql("update member set removed_at = now() where id = ?")
                .param(bob.memberId())
                .update());
    keeper.run();

    assertUnknown(() -> conversations.open(ada, old));
    assertThat(conversations.open(ada, recent).messages()).hasSize(2);
    assertThat(count(bob, "chat_conversation")).isZero();
  }

  @Test
  void capsBindToTheTokenAndSaySo() {
    caps(new Caps(null, 60L, null, null));
    Listener first = ask(ada, "Write a very long story about the sea.", 4000);
    Message answer = conversations.message(ada, first.turn().answer().id());
    assertThat(answer.state()).isIn(MessageState.BUDGET, MessageState.DONE);
    assertThat(allowances.of(ada).tokensToday()).isLessThanOrEqualTo(60);

    assertThatThrownBy(() -> ask(ada, "More, and more of it, and more of that, please!"))
        .isInstanceOfSatisfying(
            ChatRefusedException.class,
            refused -> assertThat(refused.code()).isEqualTo("cap.tokens.day"));
    assertThat(allowances.of(ada).tokensToday()).isLessThanOrEqualTo(60);
    assertThat(conversations.list(ada, 0).conversations()).hasSize(1); // nothing half-written
    ask(bob, "Hello."); // each member has their own
  }

  @Test
  void aMembersOwnCapsCountInsteadOfEverybodys() {
    caps(new Caps(1L, null, null, null));
    settings.setOwn(tenant, ada.actor(), ada.memberId(), new Caps(2L, null, null, null));
    ask(ada, "One.");
    ask(ada, "Two.");
    assertThatThrownBy(() -> ask(ada, "Three."))
        .isInstanceOfSatisfying(
            ChatRefusedException.class,
            refused -> assertThat(refused.code()).isEqualTo("cap.messages.day"));
    ask(bob, "One.");
    assertThatThrownBy(() -> ask(bob, "Two.")).isInstanceOf(ChatRefusedException.class);
    assertUnknown(() -> settings.setOwn(members.tenant(), ada.actor(), ada.memberId(), Caps.NONE));
  }

  @Test
  void whatIsWrongNamesItsField() {
    assertField("text", new Ask(null, null, " ", null, false, null, options(8)));
    assertField(
        "model",
        new Ask(
            null,
            null,
            "Hi",
            null,
            false,
            null,
            new Ask.Options("none", null, null, "", "text", "", 8)));
    assertField(
        "temperature",
        new Ask(
            null,
            null,
            "Hi",
            null,
            false,
            null,
            new Ask.Options(MODEL, 9.0, null, "", "text", "", 8)));
    assertField(
        "tools",
        new Ask(
            null,
            null,
            "Hi",
            null,
            false,
            null,
            new Ask.Options(MODEL, null, null, "", "text", "{", 8)));
    assertThat(conversations.list(ada, 0).conversations()).isEmpty();
  }

  private void assertField(String field, Ask ask) {
    assertThatThrownBy(() -> answering.answer(ada, ask, new Listener()))
        .isInstanceOfSatisfying(
            ChatRefusedException.class, refused -> assertThat(refused.field()).isEqualTo(field));
  }

  private static void assertUnknown(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ChatRefusedException.class, refused -> assertThat(refused.code()).isEqualTo("unknown"));
  }

  private Listener ask(Chatter chatter, String question) {
    return ask(chatter, question, 8);
  }

  private Listener ask(Chatter chatter, String question, int tokens) {
    return ask(chatter, null, null, question, tokens);
  }

  private Listener ask(
      Chatter chatter,
      @Nullable UUID conversation,
      @Nullable UUID parent,
      String question,
      int tokens) {
    Listener listener = new Listener();
    answering.answer(
        chatter,
        new Ask(conversation, parent, question, null, false, null, options(tokens)),
        listener);
    return listener;
  }

  private static Ask.Options options(int tokens) {
    return new Ask.Options(MODEL, null, 7L, "", ConversationWords.TEXT, "", tokens);
  }

  private void seal(boolean sealed) {
    ChatSettings now = settings.of(tenant);
    settings.save(
        tenant,
        ada.actor(),
        new ChatSettings(
            now.slug(),
            now.name(),
            now.accent(),
            now.welcome(),
            now.models(),
            sealed,
            now.sharing(),
            now.retentionDays(),
            now.caps()));
  }

  private void caps(Caps caps) {
    settings.save(
        tenant,
        ada.actor(),
        new ChatSettings(null, "", null, "", List.of(), false, true, 365, caps));
  }

  private long count(Chatter chatter, String table) {
    return transactions.as(chatter, () -> all(table));
  }

  private long all(String table) {
    return jdbc.sql("select count(*) from " + table).query(Long.class).single();
  }

  /** Everything that the member's rows hold, as text. */
  private String stored(Chatter chatter) {
    return transactions.as(
        chatter,
        () ->
            jdbc.sql(
                    """
                    select string_agg(coalesce(c.content, '') || coalesce(encode(c.sealed, 'escape'), '')
                      || coalesce(m.content, '') || coalesce(encode(m.sealed, 'escape'), ''), ' ')
                    from chat_conversation c join chat_message m on m.conversation_id = c.id
                    """)
                .query(String.class)
                .single());
  }
}
