package io.galerne.api;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one JSON object of a request, field by field. What is wrong goes to the {@link FieldErrors}
 * in the words of the contract's own validator; the value read is then absent.
 */
public final class ObjectReader {
  private final JsonNode object;
  private final List<Object> loc;
  private final FieldErrors errors;

  private ObjectReader(JsonNode object, List<Object> loc, FieldErrors errors) {
    this.object = object;
    this.loc = loc;
    this.errors = errors;
  }

  /** Null when the value is not an object. */
  public static @Nullable ObjectReader of(JsonNode value, List<Object> loc, FieldErrors errors) {
    if (!value.isObject()) {
      errors.add(
          "model_attributes_type",
          loc,
          "Input should be a valid dictionary or object to extract fields from",
          value);
      return null;
    }
    return new ObjectReader(value, List.copyOf(loc), errors);
  }

  /** The way to a field of this object. */
  public List<Object> loc(Object... more) {
    List<Object> path = new ArrayList<>(loc);
    path.addAll(List.of(more));
    return List.copyOf(path);
  }

  public FieldErrors errors() {
    return errors;
  }

  /** The field's value, unless it is absent or null. */
  public @Nullable JsonNode value(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  public boolean has(String field) {
    return object.has(field);
  }

  public void missing(String field) {
    errors.add("missing", loc(field), "Field required", object);
  }

  public @Nullable String requiredText(String field) {
    JsonNode value = object.get(field);
    if (value == null) {
      missing(field);
      return null;
    }
    return text(value, loc(field), errors);
  }

  public @Nullable String text(String field) {
    JsonNode value = value(field);
    return value == null ? null : text(value, loc(field), errors);
  }

  public static @Nullable String text(JsonNode value, List<Object> loc, FieldErrors errors) {
    if (!value.isString()) {
      errors.add("string_type", loc, "Input should be a valid string", value);
      return null;
    }
    String text = value.stringValue();
    if (!EchoedInput.isWellFormed(text)) {
      errors.add(
          "string_unicode",
          loc,
          "Input should be a valid string, unable to parse raw data as a unicode string",
          value);
      return null;
    }
    return text;
  }

  public boolean flag(String field) {
    return flag(field, false);
  }

  public boolean flag(String field, boolean otherwise) {
    JsonNode value = value(field);
    if (value == null) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      errors.add("bool_type", loc(field), "Input should be a valid boolean", value);
      return otherwise;
    }
    return value.booleanValue();
  }

  /** One of some texts; null when the field is absent or something else. */
  public @Nullable String oneOf(String field, List<String> texts) {
    return value(field) == null ? null : requiredOneOf(field, texts);
  }

  /** One of some texts; null when the field is something else. */
  public @Nullable String requiredOneOf(String field, List<String> texts) {
    JsonNode value = object.get(field);
    if (value != null && value.isString() && texts.contains(value.stringValue())) {
      return value.stringValue();
    }
    String expected = String.join(", ", texts.stream().map(text -> "'" + text + "'").toList());
    errors.add("enum", loc(field), "Input should be one of " + expected, value);
    return null;
  }

  /** Null when it is absent or not an object. */
  public @Nullable ObjectReader requiredObject(String field) {
    JsonNode value = value(field);
    if (value == null) {
      missing(field);
      return null;
    }
    return of(value, loc(field), errors);
  }

  /** The field's object as JSON text; null when it is absent or not an object. */
  public @Nullable String json(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      errors.add("dict_type", loc(field), "Input should be a valid dictionary", value);
      return null;
    }
    String text = value.toString();
    if (!EchoedInput.isWellFormed(text)) {
      errors.add(
          "string_unicode",
          loc(field),
          "Input should be a valid string, unable to parse raw data as a unicode string",
          null);
      return null;
    }
    return text;
  }

  /** Says so if the field is not an object, or has too many entries. */
  void map(String field, int entriesMax) {
    JsonNode value = value(field);
    if (value == null) {
      return;
    }
    if (!value.isObject()) {
      errors.add("dict_type", loc(field), "Input should be a valid dictionary", value);
    } else if (value.size() > entriesMax) {
      errors.add(
          "too_long",
          loc(field),
          "Dictionary should have at most %d items after validation, not %d"
              .formatted(entriesMax, value.size()),
          null);
    }
  }

  /** Whether the field's value is a list that is not too long; says so if it isn't. */
  public boolean isList(String field, JsonNode value, int itemsMax) {
    if (!value.isArray()) {
      errors.add("list_type", loc(field), "Input should be a valid list", value);
      return false;
    }
    if (value.size() > itemsMax) {
      errors.add(
          "too_long",
          loc(field),
          "List should have at most %d items after validation, not %d"
              .formatted(itemsMax, value.size()),
          null);
      return false;
    }
    return true;
  }

  /**
   * @param minExclusive whether the minimum itself is refused
   */
  public @Nullable Double number(String field, double min, boolean minExclusive, double max) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (!value.isNumber()) {
      errors.add("float_type", loc(field), "Input should be a valid number", value);
      return null;
    }
    BigDecimal number = value.decimalValue();
    int overMin = number.compareTo(BigDecimal.valueOf(min));
    if (minExclusive ? overMin <= 0 : overMin < 0) {
      String relation = minExclusive ? "greater than " : "greater than or equal to ";
      errors.add(
          minExclusive ? "greater_than" : "greater_than_equal",
          loc(field),
          "Input should be " + relation + plain(min),
          value);
      return null;
    }
    if (number.compareTo(BigDecimal.valueOf(max)) > 0) {
      errors.add(
          "less_than_equal",
          loc(field),
          "Input should be less than or equal to " + plain(max),
          value);
      return null;
    }
    return number.doubleValue();
  }

  public @Nullable Long integer(String field, long min, long max) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (!value.isNumber()) {
      errors.add("int_type", loc(field), "Input should be a valid integer", value);
      return null;
    }
    BigDecimal number = value.decimalValue();
    if (number.stripTrailingZeros().scale() > 0) {
      errors.add(
          "int_from_float",
          loc(field),
          "Input should be a valid integer, got a number with a fractional part",
          value);
      return null;
    }
    if (number.compareTo(BigDecimal.valueOf(min)) < 0) {
      errors.add(
          "greater_than_equal",
          loc(field),
          "Input should be greater than or equal to " + min,
          value);
      return null;
    }
    if (number.compareTo(BigDecimal.valueOf(max)) > 0) {
      errors.add(
          "less_than_equal", loc(field), "Input should be less than or equal to " + max, value);
      return null;
    }
    return number.longValueExact();
  }

  /** Refuses fields that are not known. */
  public void refuseOthers(Set<String> known) {
    for (String field : object.propertyNames()) {
      if (!known.contains(field)) {
        errors.add(
            "extra_forbidden",
            loc(EchoedInput.text(field)),
            "Extra inputs are not permitted",
            object.get(field));
      }
    }
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
