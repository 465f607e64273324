package io.galerne.chat;

import io.galerne.engine.FinishReason;
import io.galerne.identity.Caller;
import io.galerne.identity.PersonKeys;
import io.galerne.serving.Admission;
import io.galerne.serving.Completion;
import io.galerne.serving.CompletionService;
import io.galerne.serving.Ending;
import io.galerne.serving.GuardrailReport;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Generates answers and keeps them. An answer goes on when its reader's browser is gone, and is
 * there when it comes back; it ends early only where its reader stops it.
 */
@Service
class Answering {
  private static final Logger log = LoggerFactory.getLogger(Answering.class);

  private final Turns turns;
  private final PersonKeys keys;
  private final CompletionService completions;
  private final ChatTransactions transactions;
  private final MessageRows messages;
  private final ConversationRows conversations;
  private final ChatProperties bounds;
  private final Clock clock;
  private final Map<UUID, AnswerRelay> running = new ConcurrentHashMap<>();

  Answering(
      Turns turns,
      PersonKeys keys,
      CompletionService completions,
      ChatTransactions transactions,
      MessageRows messages,
      ConversationRows conversations,
      ChatProperties bounds,
      Clock clock) {
    this.turns = turns;
    this.keys = keys;
    this.completions = completions;
    this.transactions = transactions;
    this.messages = messages;
    this.conversations = conversations;
    this.bounds = bounds;
    this.clock = clock;
  }

  /** As {@link #answer(Chatter, UUID, Ask, AnswerReader)}, in the member's first workspace. */
  void answer(Chatter chatter, Ask ask, AnswerReader reader) {
    answer(chatter, null, ask, reader);
  }

  /**
   * Answers, and returns when the answer is complete and kept.
   *
   * @param workspaceId whose limits and policies hold; null for the member's first
   * @throws ChatRefusedException if there will be no answer; then nothing was written, and the
   *     reader was told nothing
   */
  void answer(Chatter chatter, @Nullable UUID workspaceId, Ask ask, AnswerReader reader) {
    Caller caller =
        workspaceId == null
            ? keys.caller(chatter.person())
            : keys.caller(chatter.person(), workspaceId);
    Turn turn = turns.begin(chatter, caller, ask);
    Admission admission;
    try {
      admission = completions.admit(turn.request(), caller, requestId(turn));
    } catch (RuntimeException e) {
      undo(turn);
      throw e;
    }
    switch (admission) {
      case Admission.Admitted(Completion completion) -> relay(turn, completion, reader);
      case Admission.InputBlocked(GuardrailReport report) -> {
        reader.begin(turn);
        keep(
            turn,
            reader,
            MessageState.REFUSED,
            turn.answer().words().explained(why("input", report)));
      }
      case Admission.Refused refused -> {
        undo(turn);
        throw ChatRefusals.of(refused);
      }
    }
  }

  private static UUID requestId(Turn turn) {
    UUID id = turn.answer().requestId();
    if (id == null) {
      throw new IllegalStateException("an answer has a request");
    }
    return id;
  }

  private void relay(Turn turn, Completion completion, AnswerReader reader) {
    AnswerRelay relay =
        new AnswerRelay(reader, turn, bounds.saveEvery(), words -> save(turn, words));
    running.put(turn.answer().id(), relay);
    try {
      Ending ending = completion.stream(relay);
      MessageWords words = relay.words();
      GuardrailReport block = completion.block();
      switch (ending) {
        case Ending.Finished finished ->
            keep(
                turn,
                reader,
                state(finished.reason(), turn),
                words
                    .withText(words.text(), finished.choices().getFirst().toolCalls())
                    .explained(block == null ? List.of() : why("output", block)));
        case Ending.Disconnected() -> keep(turn, reader, MessageState.STOPPED, words);
        case Ending.Failed(Ending.Failure failure) ->
            keep(turn, reader, MessageState.FAILED, words.explained(List.of(code(failure))));
      }
    } finally {
      running.remove(turn.answer().id());
    }
  }

  private static MessageState state(FinishReason reason, Turn turn) {
    return switch (reason) {
      case STOP, TOOL_CALLS -> MessageState.DONE;
      case LENGTH -> turn.capped() ? MessageState.BUDGET : MessageState.LENGTH;
      case CONTEXT_FULL -> MessageState.CONTEXT;
      case ALLOWANCE -> MessageState.BUDGET;
      case ERROR -> MessageState.CUT;
      case DEADLINE, CANCELLED ->
          throw new IllegalStateException("an answer does not finish with " + reason);
    };
  }

  private static String code(Ending.Failure failure) {
    return switch (failure) {
      case ENGINE -> "failed.engine";
      case TIMEOUT -> "failed.timeout";
      case LEDGER -> "failed.ledger";
    };
  }

  /** Where, and the categories that were found. */
  private static List<String> why(String where, GuardrailReport report) {
    List<String> why = new ArrayList<>();
    why.add("policy." + where);
    report.results().values().stream()
        .flatMap(result -> result.decisions().entrySet().stream())
        .filter(decision -> decision.getValue().violated())
        .map(Map.Entry::getKey)
        .distinct()
        .sorted()
        .forEach(why::add);
    return why;
  }

  private boolean save(Turn turn, MessageWords words) {
    return transactions.as(
        turn.chatter(),
        () -> messages.progress(turn.answer().id(), words, clock.instant(), turn.contents()));
  }

  private void keep(Turn turn, AnswerReader reader, MessageState state, MessageWords words) {
    transactions.as(
        turn.chatter(),
        () -> {
          messages.end(turn.answer().id(), state, words, clock.instant(), turn.contents());
          return null;
        });
    reader.end(turn);
  }

  /** As if nobody had asked. */
  private void undo(Turn turn) {
    transactions.as(
        turn.chatter(),
        () -> {
          if (turn.isNew()) {
            conversations.delete(turn.conversation().id());
          } else {
            turn.added().forEach(message -> messages.delete(message.id()));
            conversations.head(turn.conversation().id(), turn.conversation().headId());
          }
          return null;
        });
  }

  /**
   * Ends an answer as far as it has come.
   *
   * @throws ChatRefusedException if the member has no such answer
   */
  void stop(Chatter chatter, UUID answerId) {
    boolean stopped = transactions.as(chatter, () -> messages.stop(answerId));
    if (!stopped && !transactions.as(chatter, () -> messages.exists(answerId))) {
      throw ChatRefusedException.unknown();
    }
    AnswerRelay relay = running.get(answerId);
    if (stopped && relay != null) {
      relay.stop();
      log.debug("answer {} was stopped", answerId);
    }
  }
}
