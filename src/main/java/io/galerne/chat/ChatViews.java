package io.galerne.chat;

import io.galerne.identity.Caller;
import io.galerne.identity.PersonKeys;
import io.galerne.limits.SpendReport;
import io.galerne.metering.PriceBook;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Makes what the page gets, in its reader's language. */
@Component
class ChatViews {
  private final ChatWords words;
  private final Allowances allowances;
  private final SpendReport spent;
  private final PriceBook prices;
  private final PersonKeys keys;
  private final Clock clock;

  ChatViews(
      ChatWords words,
      Allowances allowances,
      SpendReport spent,
      PriceBook prices,
      PersonKeys keys,
      Clock clock) {
    this.words = words;
    this.allowances = allowances;
    this.spent = spent;
    this.prices = prices;
    this.keys = keys;
    this.clock = clock;
  }

  ConversationView conversation(Conversations.Opened opened, Locale locale) {
    return ConversationView.of(opened.conversation(), messages(opened.messages(), locale));
  }

  List<MessageView> messages(List<Message> messages, Locale locale) {
    return messages.stream().map(message -> message(message, locale)).toList();
  }

  MessageView message(Message message, Locale locale) {
    Instant alive = clock.instant().minus(Allowances.ALIVE);
    return MessageView.of(message, alive, words, locale);
  }

  AllowanceView allowance(Chatter chatter, Locale locale) {
    Caller caller = keys.caller(chatter.person());
    return AllowanceView.of(
        allowances.of(chatter), spent.of(caller), prices.currency(), words, locale);
  }
}
