package io.galerne.chat;

import io.galerne.engine.template.ToolDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tools as people write them down: a JSON list in the form of the API. */
final class ChatTools {
  private static final int TOOLS_MAX = 16;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

  private ChatTools() {}

  /**
   * @throws ChatRefusedException saying what is wrong
   */
  static List<ToolDefinition> read(String text, JsonMapper json) {
    if (text.isBlank()) {
      return List.of();
    }
    JsonNode list;
    try {
      list = json.readTree(text);
    } catch (JacksonException _) {
      throw ChatRefusedException.invalid("tools", "tools.json");
    }
    if (!list.isArray() || list.size() > TOOLS_MAX) {
      throw ChatRefusedException.invalid("tools", "tools.list", TOOLS_MAX);
    }
    List<ToolDefinition> tools = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode entry : list) {
      JsonNode function = entry.has("function") ? entry.path("function") : entry;
      String name = function.path("name").asString("");
      JsonNode parameters = function.path("parameters");
      if (!NAME.matcher(name).matches() || !names.add(name)) {
        throw ChatRefusedException.invalid("tools", "tools.name", name);
      }
      if (!parameters.isMissingNode() && !parameters.isObject()) {
        throw ChatRefusedException.invalid("tools", "tools.parameters", name);
      }
      tools.add(
          new ToolDefinition(
              name,
              function.path("description").asString(""),
              parameters.isObject() ? parameters.toString() : NO_PARAMETERS));
    }
    return tools;
  }
}
