package io.galerne.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.template.ChatMessage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BranchTests {
  private final Message first = message(null, Message.USER, "one", MessageState.DONE);
  private final Message answer = message(first.id(), Message.ASSISTANT, "1", MessageState.DONE);
  private final Message again = message(first.id(), Message.ASSISTANT, "uno", MessageState.DONE);
  private final Message second = message(answer.id(), Message.USER, "two", MessageState.DONE);
  private final List<Message> tree = List.of(first, answer, again, second);

  @Test
  void followsParentsToTheFirst() {
    assertThat(Branch.to(second.id(), tree).messages()).containsExactly(first, answer, second);
    assertThat(Branch.to(again.id(), tree).messages()).containsExactly(first, again);
    assertThat(Branch.to(null, tree).messages()).isEmpty();
    assertThatThrownBy(() -> Branch.to(UUID.randomUUID(), tree))
        .isInstanceOf(ChatRefusedException.class);
  }

  @Test
  void theModelIsToldTheBranch() {
    assertThat(texts(Branch.to(second.id(), tree), "Be brief.", 0))
        .containsExactly("system: Be brief.", "user: one", "assistant: 1", "user: two");
    assertThat(texts(Branch.to(second.id(), tree), "", 2)).containsExactly("user: two");
  }

  @Test
  void whatAPolicyKeptBackIsNotToldLater() {
    Message bad = message(answer.id(), Message.USER, "bad", MessageState.DONE);
    Message refused = message(bad.id(), Message.ASSISTANT, "", MessageState.REFUSED);
    Message next = message(refused.id(), Message.USER, "good", MessageState.DONE);
    Branch branch = new Branch(List.of(first, answer, bad, refused, next));

    assertThat(texts(branch, "", 0)).containsExactly("user: one", "assistant: 1", "user: good");
    // one that nobody refused is told
    Message said = message(bad.id(), Message.ASSISTANT, "ok", MessageState.STOPPED);
    assertThat(texts(new Branch(List.of(first, answer, bad, said, next)), "", 0))
        .contains("user: bad", "assistant: ok");
  }

  private static List<String> texts(Branch branch, String system, int leftOut) {
    return branch.told(system, leftOut).stream().map(BranchTests::text).toList();
  }

  private static String text(ChatMessage message) {
    return message.role() + ": " + message.content();
  }

  private static Message message(
      @Nullable UUID parent, String role, String text, MessageState state) {
    return new Message(
        UUID.randomUUID(),
        new UUID(0, 1),
        parent,
        role,
        MessageWords.text(text),
        state,
        null,
        null,
        null,
        null,
        Instant.EPOCH,
        Instant.EPOCH,
        null);
  }
}
