package io.galerne.chat;

import io.galerne.identity.Caller;
import io.galerne.serving.CompletionRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is about to be generated; its row is there.
 *
 * @param isNew whether the conversation began with it
 * @param question the message that came with it; null where an old one is answered again
 * @param before the answer that it repeats, null for none
 * @param capped whether the answer is shorter than it could be because of the member's caps
 */
record Turn(
    Chatter chatter,
    Caller caller,
    Conversation conversation,
    boolean isNew,
    @Nullable Message question,
    Message answer,
    @Nullable Message before,
    CompletionRequest request,
    boolean capped,
    Contents contents) {
  /** Those of its messages that are new. */
  List<Message> added() {
    return question == null ? List.of(answer) : List.of(question, answer);
  }
}
