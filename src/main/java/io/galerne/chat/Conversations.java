package io.galerne.chat;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** A member's conversations. Somebody else's conversation is one that does not exist. */
@Service
class Conversations {
  private static final int PAGE = 50;
  private static final int HITS_MAX = 50;

  private final ChatTransactions transactions;
  private final ConversationStore store;
  private final ConversationRows rows;
  private final MessageRows messages;
  private final ChatSettingsRows settings;
  private final ChatProperties bounds;
  private final AuditLog audit;
  private final Clock clock;

  Conversations(
      ChatTransactions transactions,
      ConversationStore store,
      ConversationRows rows,
      MessageRows messages,
      ChatSettingsRows settings,
      ChatProperties bounds,
      AuditLog audit,
      Clock clock) {
    this.transactions = transactions;
    this.store = store;
    this.rows = rows;
    this.messages = messages;
    this.settings = settings;
    this.bounds = bounds;
    this.audit = audit;
    this.clock = clock;
  }

  /** A conversation with the messages of all its branches. */
  record Opened(Conversation conversation, List<Message> messages) {}

  /** A page of conversations, and whether there are more. */
  record Listed(List<Conversation> conversations, boolean more) {}

  /**
   * What a search found.
   *
   * @param snippet the words around the first hit, empty where the title has it
   */
  record Hit(Conversation conversation, String snippet) {}

  Listed list(Chatter chatter, int offset) {
    return transactions.as(
        chatter,
        () -> {
          List<Conversation> found =
              rows.list(PAGE + 1, Math.max(0, offset), store.contents(chatter.tenantId()));
          return new Listed(found.subList(0, Math.min(PAGE, found.size())), found.size() > PAGE);
        });
  }

  Opened open(Chatter chatter, UUID id) {
    return transactions.as(
        chatter,
        () -> {
          Contents contents = store.contents(chatter.tenantId());
          return new Opened(store.require(id, contents), messages.of(id, contents));
        });
  }

  /**
   * @throws ChatRefusedException if the member has no such conversation
   */
  void require(Chatter chatter, UUID id) {
    transactions.as(chatter, () -> store.require(id, store.contents(chatter.tenantId())));
  }

  /** One message with what the ledger has of it. */
  Message message(Chatter chatter, UUID id) {
    return transactions.as(
        chatter,
        () ->
            messages
                .find(id, store.contents(chatter.tenantId()))
                .orElseThrow(ChatRefusedException::unknown));
  }

  void rename(Chatter chatter, UUID id, String title) {
    String plain = title.strip();
    if (plain.isEmpty()) {
      throw ChatRefusedException.invalid("title", "empty");
    }
    if (plain.length() > ConversationWords.TITLE_CHARS_MAX) {
      throw ChatRefusedException.invalid("title", "long", ConversationWords.TITLE_CHARS_MAX);
    }
    transactions.as(
        chatter,
        () -> {
          Contents contents = store.contents(chatter.tenantId());
          Conversation found = store.require(id, contents);
          rows.update(
              new Conversation(
                  id,
                  found.words().withTitle(plain),
                  found.model(),
                  found.temperature(),
                  found.seed(),
                  found.headId(),
                  found.createdAt(),
                  found.updatedAt(),
                  found.share()),
              contents);
          return null;
        });
  }

  /** Remembers which branch is shown. */
  void show(Chatter chatter, UUID id, UUID headId) {
    transactions.as(
        chatter,
        () -> {
          Contents contents = store.contents(chatter.tenantId());
          store.require(id, contents);
          requireMessage(id, headId, contents);
          rows.head(id, headId);
          return null;
        });
  }

  private void requireMessage(UUID id, UUID messageId, Contents contents) {
    boolean isThere =
        messages
            .find(messageId, contents)
            .filter(message -> message.conversationId().equals(id))
            .isPresent();
    if (!isThere) {
      throw ChatRefusedException.unknown();
    }
  }

  void delete(Chatter chatter, UUID id) {
    if (!transactions.as(chatter, () -> rows.delete(id))) {
      throw ChatRefusedException.unknown();
    }
  }

  int deleteAll(Chatter chatter) {
    return transactions.as(chatter, rows::deleteAll);
  }

  /**
   * Lets colleagues read the branch that is shown now. Sharing again shows what has come since,
   * under the same link.
   */
  Conversation.Share share(Chatter chatter, UUID id) {
    if (!settings.of(chatter.tenantId()).sharing()) {
      throw ChatRefusedException.conflict("sharing");
    }
    return transactions.as(
        chatter,
        () -> {
          Conversation found = store.require(id, store.contents(chatter.tenantId()));
          UUID head = found.headId();
          if (head == null) {
            throw ChatRefusedException.unknown();
          }
          Conversation.Share before = found.share();
          Conversation.Share share =
              new Conversation.Share(
                  before == null ? UUID.randomUUID() : before.id(),
                  head,
                  clock.instant().truncatedTo(ChronoUnit.MICROS));
          rows.share(id, share);
          audit.record(
              AuditEntry.of(chatter.tenantId(), chatter.actor(), "chat.share", "CONVERSATION", id));
          return share;
        });
  }

  void unshare(Chatter chatter, UUID id) {
    transactions.as(
        chatter,
        () -> {
          store.require(id, store.contents(chatter.tenantId()));
          rows.share(id, null);
          audit.record(
              AuditEntry.of(
                  chatter.tenantId(), chatter.actor(), "chat.unshare", "CONVERSATION", id));
          return null;
        });
  }

  /** The branch that a colleague shares; for every member of the tenant, and nobody else. */
  Opened shared(UUID tenantId, UUID shareId) {
    if (!settings.of(tenantId).sharing()) {
      throw ChatRefusedException.unknown();
    }
    return transactions.reading(
        tenantId,
        shareId,
        () -> {
          Contents contents = store.contents(tenantId);
          Conversation found =
              rows.findShared(shareId, contents).orElseThrow(ChatRefusedException::unknown);
          Conversation.Share share = found.share();
          @Nullable UUID head = share == null ? null : share.headId();
          return new Opened(found, Branch.to(head, messages.of(found.id(), contents)).messages());
        });
  }

  /**
   * Looks in titles and messages, without regard to case and accents, the newest first. It opens
   * what is sealed, and so works the same for conversations that are.
   */
  List<Hit> search(Chatter chatter, String words) {
    TextSearch search = new TextSearch(words);
    if (search.isEmpty()) {
      return List.of();
    }
    return transactions.as(
        chatter,
        () -> {
          Contents contents = store.contents(chatter.tenantId());
          Map<UUID, String> snippets = new LinkedHashMap<>();
          List<Conversation> all = rows.list(bounds.conversationsMax(), 0, contents);
          for (Conversation each : all) {
            if (search.isIn(each.words().title())) {
              snippets.put(each.id(), "");
            }
          }
          messages.search(
              bounds.searchedMax(),
              contents,
              (conversationId, said) -> {
                if (!snippets.containsKey(conversationId)) {
                  search
                      .snippet(said.text())
                      .ifPresent(snippet -> snippets.put(conversationId, snippet));
                }
                return snippets.size() < HITS_MAX;
              });
          List<Hit> hits = new ArrayList<>();
          for (Conversation each : all) {
            String snippet = snippets.get(each.id());
            if (snippet != null && hits.size() < HITS_MAX) {
              hits.add(new Hit(each, snippet));
            }
          }
          return hits;
        });
  }
}
