package io.galerne.moderation.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one object of a policy; what is wrong goes to the list, with its pointer. */
final class Fields {
  /** Stands between a field and the index of an item; escaped as no other character. */
  private static final char ITEM = 0;

  private final JsonNode object;
  private final String pointer;
  private final List<PolicyProblem> problems;
  private final Set<String> read = new HashSet<>();

  Fields(JsonNode object, String pointer, List<PolicyProblem> problems) {
    this.object = object;
    this.pointer = pointer;
    this.problems = problems;
    if (!object.isObject()) {
      problems.add(new PolicyProblem(pointer, "must be an object"));
    }
  }

  List<PolicyProblem> problems() {
    return problems;
  }

  String pointer(String field) {
    return pointer + "/" + field.replace("~", "~0").replace("/", "~1").replace(ITEM, '/');
  }

  void wrong(String field, String message) {
    problems.add(new PolicyProblem(pointer(field), message));
  }

  @Nullable JsonNode value(String field) {
    read.add(field);
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** Says what else there is in the object: a rule with a typing error must not pass for none. */
  void refuseOthers() {
    for (String field : object.propertyNames()) {
      if (!read.contains(field)) {
        wrong(
            field,
            "is not known here; known are " + String.join(", ", read.stream().sorted().toList()));
      }
    }
  }

  String text(String field, String otherwise, int lengthMax) {
    JsonNode value = value(field);
    if (value == null) {
      return otherwise;
    }
    if (!value.isString()) {
      wrong(field, "must be a text");
      return otherwise;
    }
    if (value.stringValue().length() > lengthMax) {
      wrong(field, "must have at most %d characters".formatted(lengthMax));
      return otherwise;
    }
    return value.stringValue();
  }

  String requiredText(String field, int lengthMax) {
    if (value(field) == null) {
      wrong(field, "is required");
      return "";
    }
    String text = text(field, "", lengthMax);
    if (text.isBlank() && object.path(field).isString()) {
      wrong(field, "must not be empty");
    }
    return text;
  }

  boolean flag(String field, boolean otherwise) {
    JsonNode value = value(field);
    if (value != null && !value.isBoolean()) {
      wrong(field, "must be true or false");
      return otherwise;
    }
    return value == null ? otherwise : value.booleanValue();
  }

  double number(String field, double otherwise, double min, double max) {
    JsonNode value = value(field);
    if (value == null) {
      return otherwise;
    }
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (!(number >= min && number <= max)) {
      wrong(field, "must be a number from %s to %s".formatted(plain(min), plain(max)));
      return otherwise;
    }
    return number;
  }

  int integer(String field, int otherwise, int min, int max) {
    double number = number(field, otherwise, min, max);
    if (number != Math.rint(number)) {
      wrong(field, "must be a whole number");
      return otherwise;
    }
    return (int) number;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** Texts that are not empty, without repetition. */
  List<String> texts(String field, int sizeMin, int sizeMax, int lengthMax) {
    JsonNode value = value(field);
    if (value == null) {
      if (sizeMin > 0) {
        wrong(field, "is required");
      }
      return List.of();
    }
    if (!value.isArray() || value.size() < sizeMin || value.size() > sizeMax) {
      wrong(field, "must be a list of %d to %d texts".formatted(sizeMin, sizeMax));
      return List.of();
    }
    Set<String> texts = new LinkedHashSet<>();
    for (int i = 0; i < value.size(); i++) {
      JsonNode item = value.get(i);
      if (!item.isString() || item.stringValue().isBlank()) {
        wrong(field + i(i), "must be a text that is not empty");
      } else if (item.stringValue().length() > lengthMax) {
        wrong(field + i(i), "must have at most %d characters".formatted(lengthMax));
      } else {
        texts.add(item.stringValue());
      }
    }
    return new ArrayList<>(texts);
  }

  private static String i(int index) {
    return ITEM + Integer.toString(index);
  }

  <E extends Enum<E>> E choice(String field, Class<E> type, E otherwise) {
    JsonNode value = value(field);
    if (value == null) {
      return otherwise;
    }
    E chosen = value.isString() ? constant(type, value.stringValue()) : null;
    if (chosen == null) {
      wrong(field, "must be one of " + names(type));
      return otherwise;
    }
    return chosen;
  }

  <E extends Enum<E>> Set<E> choices(String field, Class<E> type) {
    Set<E> chosen = new LinkedHashSet<>();
    List<String> texts = texts(field, 0, type.getEnumConstants().length, 100);
    for (int i = 0; i < texts.size(); i++) {
      E constant = constant(type, texts.get(i));
      if (constant == null) {
        wrong(field + i(i), "must be one of " + names(type));
      } else {
        chosen.add(constant);
      }
    }
    return chosen;
  }

  private static <E extends Enum<E>> @Nullable E constant(Class<E> type, String name) {
    for (E constant : type.getEnumConstants()) {
      if (wireName(constant).equals(name.toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    return null;
  }

  static String wireName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> String names(Class<E> type) {
    return String.join(
        ", ", List.of(type.getEnumConstants()).stream().map(Fields::wireName).toList());
  }
}
