package io.galerne.chat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/** The chat's texts in the reader's language. */
@Component
class ChatWords {
  private static final String BUNDLE = "i18n.chat";
  private static final String SCRIPTS = "chat.js.";

  private final MessageSource messages;
  private final List<String> scriptKeys;

  ChatWords(MessageSource messages) {
    this.messages = messages;
    this.scriptKeys =
        ResourceBundle.getBundle(BUNDLE, Locale.ROOT).keySet().stream()
            .filter(key -> key.startsWith(SCRIPTS))
            .sorted()
            .toList();
  }

  String text(Locale locale, String key, Object... arguments) {
    return messages.getMessage(key, arguments, locale);
  }

  /** What scripts show, by its key without the prefix; places for values are left as they are. */
  Map<String, String> ofScripts(Locale locale) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (String key : scriptKeys) {
      texts.put(key.substring(SCRIPTS.length()), messages.getMessage(key, null, locale));
    }
    return texts;
  }

  /** Why something is not done. */
  String problem(Locale locale, ChatRefusedException refused) {
    return text(locale, "chat.problem." + refused.code(), refused.arguments());
  }

  /**
   * Why an answer was cut or never came; empty if neither.
   *
   * @param explanation a code, then what it is about
   */
  String explained(Locale locale, List<String> explanation) {
    if (explanation.isEmpty()) {
      return "";
    }
    String categories =
        String.join(", ", explanation.subList(1, explanation.size())).replace('_', ' ');
    return text(locale, "chat.explain." + explanation.getFirst(), categories);
  }
}
