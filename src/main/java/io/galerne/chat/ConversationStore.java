package io.galerne.chat;

import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Conversations in the form that their tenant wants them stored. */
@Component
class ConversationStore {
  private final ConversationRows rows;
  private final ChatSettingsRows settings;
  private final ChatKeys keys;
  private final JsonMapper json;

  ConversationStore(
      ConversationRows rows, ChatSettingsRows settings, ChatKeys keys, JsonMapper json) {
    this.rows = rows;
    this.settings = settings;
    this.keys = keys;
    this.json = json;
  }

  Contents contents(UUID tenantId) {
    return new Contents(tenantId, settings.of(tenantId).sealed(), json, keys);
  }

  /**
   * @throws ChatRefusedException if the transaction sees no such conversation
   */
  Conversation require(UUID id, Contents contents) {
    return rows.find(id, contents).orElseThrow(ChatRefusedException::unknown);
  }
}
