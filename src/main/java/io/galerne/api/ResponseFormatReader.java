package io.galerne.api;

import io.galerne.engine.OutputFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the format that a request wants its answer in. Whether a schema is {@code strict} makes no
 * difference: a schema that is taken is enforced, and one that can't be enforced is refused.
 */
final class ResponseFormatReader {
  static final String SCHEMA_FIELD = "response_format.json_schema.schema";
  private static final String FIELD = "response_format";
  static final int NAME_LENGTH_MAX = 256;

  private final boolean strict;
  private final SchemaSizes sizes;

  ResponseFormatReader(boolean strict, SchemaSizes sizes) {
    this.strict = strict;
    this.sizes = sizes;
  }

  /** Null when something is wrong. */
  @Nullable OutputFormat read(ObjectReader request) {
    JsonNode value = request.value(FIELD);
    if (value == null) {
      return new OutputFormat.FreeText();
    }
    ObjectReader format = ObjectReader.of(value, request.loc(FIELD), request.errors());
    if (format == null) {
      return null;
    }
    if (strict) {
      format.refuseOthers(Set.of("type", "json_schema"));
    }
    String type =
        format.has("type")
            ? format.requiredOneOf("type", List.of("text", "json_object", "json_schema"))
            : "text";
    if (type == null) {
      return null;
    }
    if (type.equals("json_schema")) {
      return schema(format);
    }
    refuseSchemas(format, type);
    return type.equals("text") ? new OutputFormat.FreeText() : new OutputFormat.JsonObject();
  }

  /** A schema that would not be heeded is refused. */
  private static void refuseSchemas(ObjectReader format, String type) {
    for (String field : List.of("json_schema", "schema")) {
      if (format.value(field) != null) {
        throw ApiException.badRequest(
            new ErrorEnvelope(
                "%s.%s: a format of type '%s' has no schema, the type for that is 'json_schema'"
                    .formatted(FIELD, field, type),
                ErrorEnvelope.INVALID_REQUEST,
                FIELD + "." + field,
                null));
      }
    }
  }

  private @Nullable OutputFormat schema(ObjectReader format) {
    ObjectReader named = format.requiredObject("json_schema");
    if (named == null) {
      return null;
    }
    if (strict) {
      named.refuseOthers(Set.of("name", "schema", "description", "strict"));
    }
    String name = named.requiredText("name");
    if (name != null && name.codePointCount(0, name.length()) > NAME_LENGTH_MAX) {
      named
          .errors()
          .add(
              "string_too_long",
              named.loc("name"),
              "String should have at most " + NAME_LENGTH_MAX + " characters",
              named.value("name"));
    }
    named.text("description");
    named.flag("strict");
    if (named.value("schema") == null) {
      named.missing("schema");
      return null;
    }
    String schema = named.json("schema");
    if (schema == null) {
      return null;
    }
    sizes.requireSchema(schema, SCHEMA_FIELD);
    return new OutputFormat.JsonSchema(schema);
  }
}
