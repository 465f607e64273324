package io.galerne.adminapi;

import io.galerne.api.FieldErrors;
import io.galerne.identity.Page;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/** Reads paths and query parameters, and says which is wrong as for a body. */
final class Query {
  private static final int PAGE_MAX = 1_000_000;
  private static final int PAGE_SIZE_MAX = 100;
  private static final int PAGE_SIZE = 25;
  private static final int TEXT_MAX = 255;
  private static final int TEXTS_MAX = 100;

  private final HttpServletRequest request;
  private final FieldErrors errors = new FieldErrors();

  private Query(HttpServletRequest request) {
    this.request = request;
  }

  static Query of(HttpServletRequest request) {
    return new Query(request);
  }

  /**
   * An id from the path.
   *
   * @throws io.galerne.api.ApiException if it has not the form of one
   */
  static UUID id(String name, String text) {
    Optional<UUID> id = Ids.parse(text);
    if (id.isEmpty()) {
      FieldErrors errors = new FieldErrors();
      errors.add(
          "uuid_parsing",
          List.of("path", name),
          "Input should be a valid UUID",
          StringNode.valueOf(text));
      errors.throwIfAny();
    }
    return id.orElseThrow();
  }

  Page.Wanted page() {
    Page.Wanted wanted =
        new Page.Wanted(
            integer("page", 1, 1, PAGE_MAX), integer("page_size", PAGE_SIZE, 1, PAGE_SIZE_MAX));
    check();
    return wanted;
  }

  int integer(String name, int otherwise, int min, int max) {
    String text = request.getParameter(name);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("-?\\d{1,9}")) {
      wrong("int_parsing", name, "Input should be a valid integer", text);
      return otherwise;
    }
    int number = Integer.parseInt(text);
    if (number < min || number > max) {
      wrong(
          number < min ? "greater_than_equal" : "less_than_equal",
          name,
          "Input should be from " + min + " to " + max,
          text);
      return otherwise;
    }
    return number;
  }

  boolean flag(String name) {
    String text = request.getParameter(name);
    if (text == null || text.isEmpty() || text.equals("false")) {
      return false;
    }
    if (!text.equals("true")) {
      wrong("bool_parsing", name, "Input should be true or false", text);
    }
    return true;
  }

  @Nullable String text(String name) {
    String text = request.getParameter(name);
    if (text != null && (text.length() > TEXT_MAX || text.indexOf('\0') >= 0)) {
      wrong("string_too_long", name, "String should have at most 255 characters", text);
      return null;
    }
    return text == null || text.isEmpty() ? null : text;
  }

  /** A parameter that may be there several times. */
  Set<String> texts(String name) {
    String[] values = request.getParameterValues(name);
    Set<String> texts = new TreeSet<>();
    for (String value : values == null ? new String[0] : values) {
      if (value.length() > TEXT_MAX || value.indexOf('\0') >= 0) {
        wrong("string_too_long", name, "String should have at most 255 characters", value);
      } else if (!value.isEmpty() && texts.add(value) && texts.size() > TEXTS_MAX) {
        wrong("too_long", name, "At most " + TEXTS_MAX + " values", value);
        return texts;
      }
    }
    return texts;
  }

  /**
   * @throws io.galerne.api.ApiException if something was wrong
   */
  void check() {
    errors.throwIfAny();
  }

  private void wrong(String type, String name, String message, String input) {
    errors.add(type, List.of("query", name), message, StringNode.valueOf(input));
  }
}
