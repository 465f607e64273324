package io.galerne.api;

import io.galerne.api.RequestMessage.Role;
import io.galerne.engine.template.ToolCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the messages of a request. */
final class MessagesReader {
  static final int MESSAGES_MAX = 4096;
  private static final Map<String, Role> ROLES =
      Arrays.stream(Role.values()).collect(Collectors.toMap(Role::wireName, role -> role));

  /** What the contract has besides text; none of it is for models that only read text. */
  private static final Set<String> OTHER_PARTS =
      Set.of("image_url", "document_url", "reference", "file", "thinking", "input_audio");

  private final boolean strict;
  private final ToolCallsReader toolCallsReader;

  MessagesReader(boolean strict) {
    this.strict = strict;
    this.toolCallsReader = new ToolCallsReader(strict);
  }

  /** Null when something is wrong. */
  @Nullable List<RequestMessage> read(ObjectReader request) {
    JsonNode value = request.value("messages");
    FieldErrors errors = request.errors();
    List<Object> loc = request.loc("messages");
    if (value == null && !request.has("messages")) {
      request.missing("messages");
      return null;
    }
    if (value == null || !value.isArray()) {
      errors.add("list_type", loc, "Input should be a valid list", value);
      return null;
    }
    if (value.isEmpty()) {
      errors.add(
          "too_short", loc, "List should have at least 1 item after validation, not 0", value);
      return null;
    }
    if (value.size() > MESSAGES_MAX) {
      errors.add(
          "too_long",
          loc,
          "List should have at most %d items after validation, not %d"
              .formatted(MESSAGES_MAX, value.size()),
          null);
      return null;
    }
    List<RequestMessage> messages = new ArrayList<>(value.size());
    for (int i = 0; i < value.size() && !errors.isFull(); i++) {
      RequestMessage message = message(value.get(i), request, i);
      if (message != null) {
        messages.add(message);
      }
    }
    return messages.size() == value.size() ? messages : null;
  }

  private @Nullable RequestMessage message(JsonNode value, ObjectReader request, int index) {
    FieldErrors errors = request.errors();
    ObjectReader untagged = ObjectReader.of(value, request.loc("messages", index), errors);
    if (untagged == null) {
      return null;
    }
    Role role = role(untagged, value);
    if (role == null) {
      return null;
    }
    ObjectReader fields =
        ObjectReader.of(value, request.loc("messages", index, role.wireName()), errors);
    if (fields == null) {
      return null;
    }
    if (strict) {
      fields.refuseOthers(known(role));
    }
    String content = content(fields, role, index);
    return switch (role) {
      case SYSTEM, USER -> content == null ? null : plain(role, content);
      case ASSISTANT -> assistant(fields, content);
      case TOOL -> {
        String id = fields.text("tool_call_id");
        String name = fields.text("name");
        yield content == null
            ? null
            : new RequestMessage(role, content, false, List.of(), id, name);
      }
    };
  }

  private static RequestMessage plain(Role role, String content) {
    return new RequestMessage(role, content, false, List.of(), null, null);
  }

  private @Nullable RequestMessage assistant(ObjectReader fields, @Nullable String content) {
    boolean prefix = fields.flag("prefix");
    List<ToolCall> calls = toolCallsReader.read(fields);
    return content == null || calls == null
        ? null
        : new RequestMessage(Role.ASSISTANT, content, prefix, calls, null, null);
  }

  private static @Nullable Role role(ObjectReader fields, JsonNode message) {
    JsonNode tag = fields.value("role");
    if (tag == null) {
      fields
          .errors()
          .add(
              "union_tag_not_found",
              fields.loc(),
              "Unable to extract tag using discriminator 'role'",
              message);
      return null;
    }
    Role role = tag.isString() ? ROLES.get(tag.stringValue()) : null;
    if (role == null) {
      fields
          .errors()
          .add(
              "union_tag_invalid",
              fields.loc(),
              "Input tag '%s' found using 'role' does not match any of the expected tags: "
                      .formatted(tag.isString() ? EchoedInput.text(tag.stringValue()) : "?")
                  + "'system', 'user', 'assistant', 'tool'",
              message);
    }
    return role;
  }

  private static Set<String> known(Role role) {
    return switch (role) {
      case SYSTEM, USER -> Set.of("role", "content");
      case ASSISTANT -> Set.of("role", "content", "tool_calls", "prefix");
      case TOOL -> Set.of("role", "content", "tool_call_id", "name");
    };
  }

  private @Nullable String content(ObjectReader fields, Role role, int index) {
    JsonNode content = fields.value("content");
    if (content == null) {
      return switch (role) {
        case USER, ASSISTANT -> "";
        case SYSTEM, TOOL -> {
          if (fields.has("content")) {
            yield fields.requiredText("content");
          }
          fields.missing("content");
          yield null;
        }
      };
    }
    return content.isArray() ? parts(fields, content, index) : fields.text("content");
  }

  /** The texts of a list of parts, joined as the original joins them. */
  private @Nullable String parts(ObjectReader fields, JsonNode content, int index) {
    if (!fields.isList("content", content, RequestBounds.CONTENT_PARTS_MAX)) {
      return null;
    }
    List<String> texts = new ArrayList<>(content.size());
    for (int i = 0; i < content.size() && !fields.errors().isFull(); i++) {
      ObjectReader part =
          ObjectReader.of(content.get(i), fields.loc("content", i), fields.errors());
      String text = part == null ? null : partText(part, "messages[%d].content[%d]", index, i);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts.size() == content.size() ? String.join("\n\n", texts) : null;
  }

  private @Nullable String partText(ObjectReader part, String path, int message, int index) {
    String type = part.requiredText("type");
    if (type == null) {
      return null;
    }
    if (OTHER_PARTS.contains(type)) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported(path.formatted(message, index), "content of type " + type));
    }
    if (!type.equals("text")) {
      part.errors()
          .add(
              "union_tag_invalid",
              part.loc(),
              "Input tag '%s' found using 'type' does not match any of the expected tags: 'text'"
                  .formatted(EchoedInput.text(type)),
              part.value("type"));
      return null;
    }
    if (strict) {
      part.refuseOthers(Set.of("type", "text"));
    }
    return part.requiredText("text");
  }
}
