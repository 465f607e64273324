package io.galerne.chat;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the page sends when somebody asks. */
record AskBody(
    @Nullable UUID conversation,
    @Nullable UUID parent,
    @Nullable String text,
    @Nullable UUID again,
    @Nullable Boolean exactly,
    @Nullable String toolCall,
    @Nullable String model,
    @Nullable Double temperature,
    @Nullable Long seed,
    @Nullable String system,
    @Nullable String format,
    @Nullable String tools,
    @Nullable Integer answerTokens,
    @Nullable UUID workspace) {

  Ask toAsk() {
    if (model == null) {
      throw ChatRefusedException.invalid("model", "model");
    }
    return new Ask(
        conversation,
        parent,
        text,
        again,
        Boolean.TRUE.equals(exactly),
        toolCall,
        new Ask.Options(
            model,
            temperature,
            seed,
            system == null ? "" : system,
            format == null ? ConversationWords.TEXT : format,
            tools == null ? "" : tools,
            answerTokens));
  }
}
