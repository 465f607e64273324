package io.galerne.adminapi;

import io.galerne.api.FieldErrors;
import io.galerne.api.ObjectReader;
import io.galerne.api.Rfc3339;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one object of a request. What is wrong is noted under the field's name, and a
 * placeholder returned: the request is refused before anybody looks at it.
 */
final class Fields {
  static final UUID NO_ID = new UUID(0, 0);
  private static final int ROLES_MAX = 20;
  private static final int EMAIL_MAX = 255;
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@<>,;:\"\\p{Cntrl}]{1,64}@[\\p{L}\\p{N}-]+(\\.[\\p{L}\\p{N}-]+)+");

  private final ObjectReader object;

  Fields(ObjectReader object) {
    this.object = object;
  }

  boolean has(String field) {
    return object.has(field);
  }

  boolean isNull(String field) {
    return object.has(field) && object.value(field) == null;
  }

  void wrong(String field, String type, String message) {
    object.errors().add(type, object.loc(field), message, object.value(field));
  }

  String requiredText(String field, int charsMax) {
    if (object.value(field) == null) {
      object.missing(field);
      return "";
    }
    String text = text(field, charsMax);
    if (text != null && text.isBlank()) {
      wrong(field, "string_too_short", "String should have at least 1 character");
    }
    return text == null ? "" : text;
  }

  /** Text that may have several lines. */
  String requiredLines(String field, int charsMax) {
    String text = object.requiredText(field);
    if (text != null && text.length() > charsMax) {
      wrong(field, "string_too_long", "String should have at most " + charsMax + " characters");
    }
    if (text != null && text.isBlank()) {
      wrong(field, "string_too_short", "String should have at least 1 character");
    }
    return text == null ? "" : text;
  }

  @Nullable String text(String field, int charsMax) {
    String text = object.text(field);
    if (text != null && text.codePointCount(0, text.length()) > charsMax) {
      wrong(field, "string_too_long", "String should have at most " + charsMax + " characters");
      return null;
    }
    if (text != null && text.chars().anyMatch(c -> Character.isISOControl(c))) {
      wrong(field, "string_pattern_mismatch", "String should have no control characters");
      return null;
    }
    return text == null ? null : text.strip();
  }

  /** For a change: null leaves the value as it is, and no value can be empty. */
  @Nullable String changedText(String field, int charsMax) {
    return object.value(field) == null ? null : requiredText(field, charsMax);
  }

  <T> T requiredObject(String field, Set<String> fields, Function<Fields, T> read) {
    JsonNode value = object.value(field);
    if (value == null) {
      object.missing(field);
      object.errors().throwIfAny();
      throw new IllegalStateException("a missing object was not reported");
    }
    return AdminRequests.read(value, object.loc(field), object.errors(), fields, read);
  }

  boolean flag(String field) {
    return object.flag(field);
  }

  @Nullable Long integer(String field, long min, long max) {
    return object.integer(field, min, max);
  }

  /** A number above 0, or null. */
  @Nullable Double rate(String field, double max) {
    return object.number(field, 0, true, max);
  }

  /** The objects of an object by their names; a value that is null stays so. */
  <T> Map<String, @Nullable T> objectsByName(
      String field, int entriesMax, Set<String> fields, Function<Fields, T> read) {
    Map<String, @Nullable T> entries = new LinkedHashMap<>();
    JsonNode value = object.value(field);
    if (value == null) {
      return entries;
    }
    if (!value.isObject() || value.size() > entriesMax) {
      wrong(field, "dict_type", "Input should be an object of at most " + entriesMax + " entries");
      return entries;
    }
    value.forEachEntry(
        (name, entry) ->
            entries.put(
                name,
                entry.isNull()
                    ? null
                    : AdminRequests.read(
                        entry, object.loc(field, name), object.errors(), fields, read)));
    return entries;
  }

  UUID requiredId(String field) {
    if (object.value(field) == null) {
      object.missing(field);
      return NO_ID;
    }
    String text = object.text(field);
    return text == null ? NO_ID : id(text, () -> invalidId(object.loc(field), object.value(field)));
  }

  List<UUID> ids(String field, int itemsMax) {
    return list(
        field,
        itemsMax,
        (item, loc) -> {
          String text = ObjectReader.text(item, loc, object.errors());
          return text == null ? NO_ID : id(text, () -> invalidId(loc, item));
        });
  }

  private void invalidId(List<Object> loc, @Nullable JsonNode value) {
    object.errors().add("uuid_parsing", loc, "Input should be a valid UUID", value);
  }

  private static UUID id(String text, Runnable invalid) {
    Optional<UUID> id = Ids.parse(text);
    if (id.isEmpty()) {
      invalid.run();
    }
    return id.orElse(NO_ID);
  }

  /** An address in lower case. */
  String requiredEmail(String field) {
    String text = requiredText(field, EMAIL_MAX).toLowerCase(Locale.ROOT);
    if (!text.isEmpty() && !isEmail(text)) {
      wrong(field, "value_error", "value is not a valid email address");
    }
    return text;
  }

  static boolean isEmail(String text) {
    return text.length() <= EMAIL_MAX && EMAIL.matcher(text).matches();
  }

  /** A day, in UTC, or null. */
  @Nullable LocalDate date(String field) {
    String text = object.text(field);
    if (text == null) {
      return null;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      wrong(field, "date_from_datetime_parsing", "Input should be a valid date, YYYY-MM-DD");
      return null;
    }
  }

  /** A moment with its offset, or null. */
  @Nullable Instant instant(String field) {
    String text = object.text(field);
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = Rfc3339.parse(text);
      if (time.getYear() < 1970 || time.getYear() > 9999) {
        throw new DateTimeException("out of range");
      }
      return time.toInstant();
    } catch (DateTimeException e) {
      wrong(field, "datetime_parsing", "Input should be a valid datetime with an offset");
      return null;
    }
  }

  List<String> texts(String field, int itemsMax, int charsMax) {
    return list(
        field,
        itemsMax,
        (item, loc) -> {
          String text = ObjectReader.text(item, loc, object.errors());
          if (text != null && (text.isBlank() || text.length() > charsMax)) {
            object
                .errors()
                .add(
                    "string_too_long",
                    loc,
                    "String should have 1 to " + charsMax + " characters",
                    item);
          }
          return text == null ? "" : text;
        });
  }

  <T> List<T> objects(String field, int itemsMax, Set<String> fields, Function<Fields, T> read) {
    return list(
        field,
        itemsMax,
        (item, loc) -> AdminRequests.read(item, loc, object.errors(), fields, read));
  }

  /**
   * Roles by name or id, in any of the contract's four spellings; null when none is given.
   *
   * @param of finds a role by name or id
   */
  <R> @Nullable Set<R> roles(Function<String, Optional<R>> of) {
    List<String> given = new ArrayList<>();
    boolean any = false;
    for (String field : List.of("role_names", "roles")) {
      if (object.value(field) != null) {
        any = true;
        given.addAll(texts(field, ROLES_MAX, 100));
        if (given.isEmpty()) {
          wrong(field, "too_short", "List should have at least 1 item after validation, not 0");
        }
      }
    }
    for (String field : List.of("role_name", "role")) {
      String one = object.text(field);
      if (one != null) {
        any = true;
        given.add(one);
      }
    }
    if (!any) {
      return null;
    }
    for (String name : given) {
      if (of.apply(name).isEmpty()) {
        wrong(
            object.value("role_names") == null ? "roles" : "role_names",
            "enum",
            "Input should be a role that GET /v1/admin/roles lists");
      }
    }
    return given.stream()
        .map(of)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private <T> List<T> list(String field, int itemsMax, BiFunction<JsonNode, List<Object>, T> read) {
    JsonNode value = object.value(field);
    return value == null
        ? List.of()
        : list(value, object.loc(field), object.errors(), itemsMax, read);
  }

  static <T> List<T> list(
      JsonNode value,
      List<Object> loc,
      FieldErrors errors,
      int itemsMax,
      BiFunction<JsonNode, List<Object>, T> read) {
    if (!value.isArray()) {
      errors.add("list_type", loc, "Input should be a valid list", value);
      return List.of();
    }
    if (value.size() > itemsMax) {
      errors.add(
          "too_long",
          loc,
          "List should have at most " + itemsMax + " items after validation",
          null);
      return List.of();
    }
    List<T> items = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      List<Object> itemLoc = new ArrayList<>(loc);
      itemLoc.add(i);
      items.add(read.apply(value.get(i), itemLoc));
    }
    return items;
  }
}
