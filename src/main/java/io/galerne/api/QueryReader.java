package io.galerne.api;

import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/** Reads a request's query and path; what is wrong is told in the words of the contract. */
final class QueryReader {
  static final int VALUES_MAX = 100;
  static final int PAGE_MAX = 1_000_000;

  private final HttpServletRequest request;
  private final FieldErrors errors = new FieldErrors();

  QueryReader(HttpServletRequest request) {
    this.request = request;
  }

  /**
   * An id of the path.
   *
   * @throws ApiException 422 if it is no UUID
   */
  static UUID id(String name, String text) {
    UUID id = uuid(text);
    if (id == null) {
      FieldErrors errors = new FieldErrors();
      errors.add("uuid_parsing", List.of("path", name), "Input should be a valid UUID", json(text));
      errors.throwIfAny();
    }
    if (id == null) {
      throw new IllegalStateException("an id was not read, and nothing said why");
    }
    return id;
  }

  /** Null if the text is no UUID in its usual form. */
  static @Nullable UUID uuid(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equals(text.toLowerCase(Locale.ROOT)) ? id : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  int integer(String name, int otherwise, int min, int max) {
    String text = request.getParameter(name);
    if (text == null) {
      return otherwise;
    }
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      add("int_parsing", name, "Input should be a valid integer", text);
      return otherwise;
    }
    if (value < min) {
      add("greater_than_equal", name, "Input should be greater than or equal to " + min, text);
      return otherwise;
    }
    if (value > max) {
      add("less_than_equal", name, "Input should be less than or equal to " + max, text);
      return otherwise;
    }
    return (int) value;
  }

  @Nullable Boolean flag(String name) {
    String text = request.getParameter(name);
    if (text == null) {
      return null;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> {
        add("bool_parsing", name, "Input should be a valid boolean", text);
        yield null;
      }
    };
  }

  /** A time that says no offset is meant in UTC. */
  @Nullable Instant instant(String name) {
    String text = request.getParameter(name);
    if (text == null) {
      return null;
    }
    try {
      return Rfc3339.parseAtUtc(text).toInstant();
    } catch (DateTimeException e) {
      add("datetime_parsing", name, "Input should be a valid datetime", text);
      return null;
    }
  }

  /** Null where it is absent or empty. */
  @Nullable String text(String name) {
    String text = request.getParameter(name);
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.indexOf(0) >= 0 || !EchoedInput.isWellFormed(text)) {
      add("string_unicode", name, "Input should be a valid string", null);
      return null;
    }
    return text;
  }

  /** All values of a parameter that may come again. */
  List<String> texts(String name) {
    String[] values = request.getParameterValues(name);
    if (values == null) {
      return List.of();
    }
    if (values.length > VALUES_MAX) {
      add("too_long", name, "List should have at most " + VALUES_MAX + " items", null);
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (String value : values) {
      if (value.indexOf(0) >= 0 || !EchoedInput.isWellFormed(value)) {
        add("string_unicode", name, "Input should be a valid string", null);
      } else if (!value.isEmpty()) {
        texts.add(value);
      }
    }
    return texts;
  }

  /** Values of which each is one of some. */
  <T> List<T> oneOf(String name, Map<String, T> choices) {
    List<T> chosen = new ArrayList<>();
    String[] values = request.getParameterValues(name);
    if (values == null) {
      return chosen;
    }
    if (values.length > VALUES_MAX) {
      add("too_long", name, "List should have at most " + VALUES_MAX + " items", null);
      return chosen;
    }
    for (String text : values) {
      T choice = choices.get(text);
      if (choice == null) {
        add(
            "enum",
            name,
            "Input should be one of '" + String.join("', '", choices.keySet()) + "'",
            text);
      } else {
        chosen.add(choice);
      }
    }
    return chosen;
  }

  /** A parameter's text as a JSON object of texts. */
  Map<String, String> object(String name, String text, JsonMapper mapper) {
    Map<String, String> entries = new HashMap<>();
    try {
      JsonNode object = mapper.readTree(text);
      if (object.isObject()) {
        object
            .properties()
            .forEach(entry -> entries.put(entry.getKey(), entry.getValue().asString()));
        return entries;
      }
    } catch (JacksonException e) {
      // told below, like JSON that is no object
    }
    add("dict_type", name, "Input should be a valid dictionary", null);
    return entries;
  }

  /** Parameters of other names: clients spread the entries of a map over the query. */
  Map<String, String> others(Set<String> known) {
    Map<String, String> others = new HashMap<>();
    for (String name : request.getParameterMap().keySet()) {
      String value = known.contains(name) || others.size() >= VALUES_MAX ? null : text(name);
      if (value != null && name.indexOf(0) < 0 && EchoedInput.isWellFormed(name)) {
        others.put(name, value);
      }
    }
    return others;
  }

  /**
   * @throws ApiException 422 if anything was wrong
   */
  void end() {
    errors.throwIfAny();
  }

  private void add(String type, String name, String message, @Nullable String input) {
    JsonNode echoed = input == null || !EchoedInput.isWellFormed(input) ? null : json(input);
    errors.add(type, List.of("query", name), message, echoed);
  }

  private static JsonNode json(String text) {
    return StringNode.valueOf(text);
  }
}
