package io.galerne.api;

import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.List;

/**
 * The JSON Schema of what a reader takes field by field, in the words of the document. Its bounds
 * are the reader's own constants.
 */
final class Shape {
  private final JsonSchema schema = new JsonSchema();

  private Shape() {}

  private static Shape of(String type) {
    Shape shape = new Shape();
    shape.schema.addType(type);
    return shape;
  }

  static Shape anything() {
    return new Shape();
  }

  static Shape text() {
    return of("string");
  }

  /**
   * @param max code points
   */
  static Shape text(int min, int max) {
    Shape shape = text();
    shape.schema.minLength(min).maxLength(max);
    return shape;
  }

  /** Text of at least so many code points. */
  static Shape text(int min) {
    Shape shape = text();
    shape.schema.minLength(min);
    return shape;
  }

  static Shape matching(String pattern) {
    Shape shape = text();
    shape.schema.pattern("^" + pattern + "$");
    return shape;
  }

  /** Text without the character that a database can't keep. */
  static Shape plainText() {
    return matching("[^\\u0000]*");
  }

  /**
   * @param max code points
   */
  static Shape plainText(int min, int max) {
    Shape shape = plainText();
    shape.schema.minLength(min).maxLength(max);
    return shape;
  }

  static Shape uuid() {
    Shape shape = text();
    shape.schema.format("uuid");
    return shape;
  }

  static Shape dateTime() {
    Shape shape = text();
    shape.schema.format("date-time");
    return shape;
  }

  static Shape bytes() {
    Shape shape = text();
    shape.schema.format("binary");
    return shape;
  }

  /** A flag of the query, where numbers are taken too. */
  static Shape queryFlag() {
    return anyOf(flag(), oneOf(List.of("0", "1")));
  }

  static Shape oneOf(List<String> texts) {
    Shape shape = text();
    shape.schema.setEnum(List.copyOf(texts));
    return shape;
  }

  static Shape flag() {
    return of("boolean");
  }

  static Shape integer(long min, long max) {
    Shape shape = of("integer");
    shape.schema.minimum(BigDecimal.valueOf(min)).maximum(BigDecimal.valueOf(max));
    return shape;
  }

  static Shape number(double min, double max) {
    Shape shape = of("number");
    shape.schema.minimum(BigDecimal.valueOf(min)).maximum(BigDecimal.valueOf(max));
    return shape;
  }

  static Shape numberOrNull(double min, double max) {
    return number(min, max).orNull();
  }

  /** Numbers above the minimum, which is not one of them. */
  static Shape numberAbove(double min, double max) {
    Shape shape = of("number");
    shape.schema.exclusiveMinimumValue(BigDecimal.valueOf(min)).maximum(BigDecimal.valueOf(max));
    return shape;
  }

  static Shape list(Shape items, int min, int max) {
    Shape shape = of("array");
    shape.schema.items(items.schema).maxItems(max);
    if (min > 0) {
      shape.schema.minItems(min);
    }
    return shape;
  }

  /**
   * @param closed whether fields that are not named are refused
   */
  static Shape object(boolean closed) {
    Shape shape = of("object");
    if (closed) {
      shape.schema.additionalProperties(false);
    }
    return shape;
  }

  /** An object of which nothing is known but that it is one. */
  static Shape anyObject() {
    return of("object");
  }

  /** An object whose fields are for the client to name. */
  static Shape map(int entriesMax) {
    Shape shape = of("object");
    shape.schema.maxProperties(entriesMax);
    return shape;
  }

  /** An object whose fields have names of a pattern and values of a shape. */
  static Shape map(int entriesMax, String names, Shape value) {
    Shape shape = map(entriesMax);
    shape.schema.additionalProperties(value.schema);
    shape.schema.propertyNames(matching(names).schema);
    return shape;
  }

  static Shape anyOf(Shape... shapes) {
    Shape shape = new Shape();
    for (Shape either : shapes) {
      shape.schema.addAnyOfItem(either.schema);
    }
    return shape;
  }

  Shape required(String field, Shape value) {
    schema.addProperty(field, value.schema).addRequiredItem(field);
    return this;
  }

  /** A field that may be absent, or null. */
  Shape optional(String field, Shape value) {
    schema.addProperty(field, value.orNull().schema);
    return this;
  }

  /** A field that may be absent but not null. */
  Shape absentOr(String field, Shape value) {
    schema.addProperty(field, value.schema);
    return this;
  }

  private Shape orNull() {
    if (schema.getTypes() == null && schema.getAnyOf() == null) {
      return this; // anything, so null too
    }
    if (schema.getAnyOf() == null && schema.getEnum() == null) {
      schema.addType("null");
      return this;
    }
    return anyOf(this, of("null")).describe(schema.getDescription());
  }

  Shape describe(String description) {
    schema.description(description);
    return this;
  }

  Schema<?> schema() {
    return schema;
  }
}
