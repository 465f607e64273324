package io.galerne.chat;

import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.ToolChoice;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import io.galerne.identity.Caller;
import io.galerne.metering.PriceList;
import io.galerne.metering.Rates;
import io.galerne.metering.ServiceClass;
import io.galerne.serving.CompletionRequest;
import io.galerne.serving.CompletionService;
import io.galerne.serving.PromptSize;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prepares answers: finds the place in the conversation, fits the prompt into the model's context
 * and the answer into the member's caps, and writes the rows that the answer will fill.
 */
@Component
class Turns {
  /** Seeds that JavaScript's numbers hold exactly. */
  private static final long SEED_BOUND = 1L << 31;

  private static final double TOP_P = 1.0;

  private final ConversationStore store;
  private final MessageRows messages;
  private final ConversationRows conversations;
  private final ChatTransactions transactions;
  private final Allowances allowances;
  private final ChatSettingsRows settings;
  private final CompletionService completions;
  private final ModelCatalog catalog;
  private final PriceList prices;
  private final ChatProperties bounds;
  private final JsonMapper json;
  private final Clock clock;

  Turns(
      ConversationStore store,
      MessageRows messages,
      ConversationRows conversations,
      ChatTransactions transactions,
      Allowances allowances,
      ChatSettingsRows settings,
      CompletionService completions,
      ModelCatalog catalog,
      PriceList prices,
      ChatProperties bounds,
      JsonMapper json,
      Clock clock) {
    this.store = store;
    this.messages = messages;
    this.conversations = conversations;
    this.transactions = transactions;
    this.allowances = allowances;
    this.settings = settings;
    this.completions = completions;
    this.catalog = catalog;
    this.prices = prices;
    this.bounds = bounds;
    this.json = json;
    this.clock = clock;
  }

  /** Where in a conversation an answer belongs. */
  private record Place(
      Conversation conversation,
      boolean isNew,
      Branch branch,
      @Nullable Message question,
      UUID parentId,
      @Nullable Message before) {}

  /** What is asked of the model, and how much of the conversation that leaves out. */
  private record Fitted(CompletionRequest request, PromptSize size, int leftOut) {}

  /**
   * Writes a question and the row of its answer.
   *
   * @throws ChatRefusedException if the answer can't be asked for; then nothing was written
   */
  Turn begin(Chatter chatter, Caller caller, Ask ask) {
    ChatSettings tenant = settings.of(chatter.tenantId());
    check(ask, tenant, chatter);
    return transactions.as(
        chatter,
        () -> {
          allowances.lock(chatter);
          Contents contents = store.contents(chatter.tenantId());
          Place place = place(ask, contents);
          Settled settled = settled(ask, place.before());
          List<ToolDefinition> tools = ChatTools.read(settled.options().tools(), json);
          Fitted fitted = fit(caller, place, settled, tools);
          return write(chatter, caller, place, ask.options(), settled, fitted, contents);
        });
  }

  private void check(Ask ask, ChatSettings tenant, Chatter chatter) {
    Ask.Options options = ask.options();
    String text = ask.text();
    if (text != null && (text.isBlank() || text.length() > bounds.messageCharsMax())) {
      throw text.isBlank()
          ? ChatRefusedException.invalid("text", "empty")
          : ChatRefusedException.invalid("text", "long", bounds.messageCharsMax());
    }
    if (options.system().length() > ConversationWords.SYSTEM_CHARS_MAX) {
      throw ChatRefusedException.invalid("system", "long", ConversationWords.SYSTEM_CHARS_MAX);
    }
    if (options.tools().length() > ConversationWords.TOOLS_CHARS_MAX) {
      throw ChatRefusedException.invalid("tools", "long", ConversationWords.TOOLS_CHARS_MAX);
    }
    Double temperature = options.temperature();
    if (temperature != null && !(temperature >= 0 && temperature <= 1.5)) {
      throw ChatRefusedException.invalid("temperature", "range", 0, 1.5);
    }
    Long seed = options.seed();
    if (seed != null && (seed < 0 || seed >= SEED_BOUND)) {
      throw ChatRefusedException.invalid("seed", "range", 0, SEED_BOUND - 1);
    }
    Integer longest = options.answerTokens();
    if (longest != null && (longest < 1 || longest > bounds.answerTokensMax())) {
      throw ChatRefusedException.invalid("answerTokens", "range", 1, bounds.answerTokensMax());
    }
    if (!ConversationWords.FORMATS.contains(options.format())) {
      throw ChatRefusedException.invalid("format", "unknown");
    }
    boolean offered =
        catalog.resolve(chatter.tenantId(), options.model())
                instanceof Resolution.Found(ModelCard card)
            && (tenant.models().isEmpty() || tenant.models().contains(card.id()));
    if (!offered) {
      throw ChatRefusedException.invalid("model", "model");
    }
  }

  private Place place(Ask ask, Contents contents) {
    if (ask.conversationId() == null) {
      String question = ask.text();
      if (question == null) {
        throw ChatRefusedException.unknown();
      }
      if (conversations.count() >= bounds.conversationsMax()) {
        throw ChatRefusedException.conflict("conversations", bounds.conversationsMax());
      }
      Conversation fresh = fresh(ask.options(), question);
      Message first = question(fresh.id(), null, ask, List.of());
      return new Place(fresh, true, new Branch(List.of(first)), first, first.id(), null);
    }
    Conversation conversation = store.require(ask.conversationId(), contents);
    List<Message> tree = messages.of(conversation.id(), contents);
    if (tree.size() + 2 > bounds.messagesMax()) {
      throw ChatRefusedException.conflict("messages", bounds.messagesMax());
    }
    UUID again = ask.again();
    if (again != null) {
      Message before =
          tree.stream()
              .filter(message -> message.id().equals(again) && message.isAnswer())
              .findFirst()
              .orElseThrow(ChatRefusedException::unknown);
      UUID parent = before.parentId();
      if (parent == null) {
        throw ChatRefusedException.unknown();
      }
      return new Place(conversation, false, Branch.to(parent, tree), null, parent, before);
    }
    if (ask.text() == null) {
      throw ChatRefusedException.unknown();
    }
    Branch until = Branch.to(ask.parentId(), tree);
    Message question = question(conversation.id(), ask.parentId(), ask, until.messages());
    return new Place(conversation, false, until.and(question), question, question.id(), null);
  }

  private Conversation fresh(Ask.Options options, String question) {
    Instant now = now();
    ConversationWords words =
        new ConversationWords(
            ConversationWords.titleOf(question),
            options.system(),
            options.format(),
            options.tools(),
            options.answerTokens());
    return new Conversation(
        UUID.randomUUID(),
        words,
        options.model(),
        options.temperature(),
        options.seed(),
        null,
        now,
        now,
        null);
  }

  private Message question(
      UUID conversationId, @Nullable UUID parentId, Ask ask, List<Message> before) {
    String text = String.valueOf(ask.text());
    String callId = ask.toolCallId();
    MessageWords words = MessageWords.text(text);
    if (callId != null) {
      ToolCall call =
          before.stream()
              .flatMap(message -> message.words().toolCalls().stream())
              .filter(each -> each.id().equals(callId))
              .findFirst()
              .orElseThrow(ChatRefusedException::unknown);
      words = MessageWords.result(text, callId, call.name());
    }
    Instant now = now();
    return new Message(
        UUID.randomUUID(),
        conversationId,
        parentId,
        callId == null ? Message.USER : Message.TOOL,
        words,
        MessageState.DONE,
        null,
        null,
        null,
        null,
        now,
        now,
        null);
  }

  /** With what an answer is really drawn. */
  private record Settled(
      Ask.Options options, String model, @Nullable Double temperature, long seed) {}

  private static Settled settled(Ask ask, @Nullable Message before) {
    Ask.Options options = ask.options();
    if (ask.exactly() && before != null && before.seed() != null && before.model() != null) {
      Ask.Options then = before.words().drawnWith();
      return new Settled(
          then == null ? options : then, before.model(), before.temperature(), before.seed());
    }
    Long wanted = options.seed();
    long seed = wanted == null ? ThreadLocalRandom.current().nextLong(SEED_BOUND) : wanted;
    return new Settled(options, options.model(), options.temperature(), seed);
  }

  private int longest(Ask.Options options) {
    Integer longest = options.answerTokens();
    return longest == null ? bounds.answerTokensMax() : longest;
  }

  /** Leaves the oldest turns out until the rest fits. */
  private Fitted fit(Caller caller, Place place, Settled settled, List<ToolDefinition> tools) {
    List<Integer> beginnings = place.branch().questions();
    int low = 0;
    int high = Math.max(0, beginnings.size() - 1);
    Fitted whole = fitted(caller, place, settled, tools, 0);
    if (fits(whole.size()) || high == 0) {
      return fits(whole.size()) ? whole : refuseLong(whole.size());
    }
    Fitted shortest = fitted(caller, place, settled, tools, beginnings.get(high));
    if (!fits(shortest.size())) {
      return refuseLong(shortest.size());
    }
    Fitted best = shortest;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      Fitted tried = fitted(caller, place, settled, tools, beginnings.get(middle));
      if (fits(tried.size())) {
        high = middle;
        best = tried;
      } else {
        low = middle;
      }
    }
    return best;
  }

  /** An eighth of the context is for the answer. */
  private static boolean fits(PromptSize size) {
    return size.promptTokens() <= size.contextTokens() - size.contextTokens() / 8;
  }

  private static Fitted refuseLong(PromptSize size) {
    throw ChatRefusedException.invalid(
        "text", "context", size.promptTokens(), size.contextTokens());
  }

  private Fitted fitted(
      Caller caller, Place place, Settled settled, List<ToolDefinition> tools, int leftOut) {
    CompletionRequest request =
        new CompletionRequest(
            settled.model(),
            place.branch().told(settled.options().system(), leftOut),
            tools,
            format(settled.options(), tools),
            settled.temperature(),
            TOP_P,
            longest(settled.options()),
            settled.seed(),
            List.of());
    PromptSize size =
        completions
            .promptSize(request, caller)
            .orElseThrow(() -> ChatRefusedException.invalid("text", "conversation"));
    return new Fitted(request, size, leftOut);
  }

  private static OutputFormat format(Ask.Options options, List<ToolDefinition> tools) {
    if (!tools.isEmpty()) {
      return new OutputFormat.ToolCalls(tools, new ToolChoice.Auto(), true);
    }
    return options.format().equals(ConversationWords.JSON)
        ? new OutputFormat.JsonObject()
        : new OutputFormat.FreeText();
  }

  private Turn write(
      Chatter chatter,
      Caller caller,
      Place place,
      Ask.Options options,
      Settled settled,
      Fitted fitted,
      Contents contents) {
    Instant now = now();
    PromptSize size = fitted.size();
    Rates rates = prices.priceOf(size.model(), now).rates(ServiceClass.REALTIME);
    long promptPicos = size.promptTokens() * Math.max(rates.input(), rates.cachedInput());
    int wanted = longest(settled.options());
    int room = Math.min(wanted, size.contextTokens() - size.promptTokens());
    Allowance allowance = allowances.of(chatter);
    if (messages.inProgress(now.minus(Allowances.ALIVE)).answers() >= bounds.runningMax()) {
      throw ChatRefusedException.later("running", bounds.runningMax());
    }
    int tokensMax = allowance.answerTokens(room, size.promptTokens(), promptPicos, rates.output());
    Message question = place.question();
    Message answer = answer(place, settled, fitted, now);
    if (place.isNew()) {
      conversations.insert(chatter, place.conversation(), contents);
    } else {
      conversations.update(with(place.conversation(), options), contents);
    }
    if (question != null) {
      messages.insert(chatter, question, MessageRows.Reserved.NOTHING, contents);
    }
    messages.insert(
        chatter,
        answer,
        new MessageRows.Reserved(
            (long) size.promptTokens() + tokensMax, promptPicos + tokensMax * rates.output()),
        contents);
    conversations.touch(place.conversation().id(), answer.id(), now);
    return new Turn(
        chatter,
        caller,
        place.conversation(),
        place.isNew(),
        question,
        answer,
        place.before(),
        fitted.request().withMaxTokens(tokensMax),
        tokensMax < room,
        contents);
  }

  private static Conversation with(Conversation conversation, Ask.Options options) {
    return new Conversation(
        conversation.id(),
        new ConversationWords(
            conversation.words().title(),
            options.system(),
            options.format(),
            options.tools(),
            options.answerTokens()),
        options.model(),
        options.temperature(),
        options.seed(),
        conversation.headId(),
        conversation.createdAt(),
        conversation.updatedAt(),
        conversation.share());
  }

  private static Message answer(Place place, Settled settled, Fitted fitted, Instant now) {
    return new Message(
        UUID.randomUUID(),
        place.conversation().id(),
        place.parentId(),
        Message.ASSISTANT,
        MessageWords.toCome(fitted.leftOut(), settled.options()),
        MessageState.STREAMING,
        settled.model(),
        settled.temperature(),
        settled.seed(),
        UUID.randomUUID(),
        now,
        now,
        null);
  }

  /** As the database keeps it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
