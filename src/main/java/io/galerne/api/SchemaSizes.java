package io.galerne.api;

import io.galerne.engine.template.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How large the schemas of a request may be, as JSON without white space in UTF-8.
 *
 * @param schemaMaxBytes of one schema
 * @param toolsMaxBytes of all tools together: names, descriptions and parameters
 */
record SchemaSizes(long schemaMaxBytes, long toolsMaxBytes) {
  static SchemaSizes of(ApiProperties properties) {
    return new SchemaSizes(properties.schemaMax().toBytes(), properties.toolsMax().toBytes());
  }

  /**
   * @throws ApiException 400 naming the field
   */
  void requireSchema(String schema, String field) {
    require(bytes(schema), schemaMaxBytes, field, "The schema");
  }

  /**
   * @throws ApiException 400 naming the field
   */
  void requireTools(List<ToolDefinition> tools) {
    long bytes = 0;
    for (ToolDefinition tool : tools) {
      bytes += bytes(tool.name()) + bytes(tool.description()) + bytes(tool.parameters());
    }
    require(bytes, toolsMaxBytes, "tools", "All tools together");
  }

  private static void require(long bytes, long max, String field, String what) {
    if (bytes > max) {
      throw ApiException.badRequest(
          ErrorEnvelope.invalidSchema(
              "%s: %s of %d bytes can't be taken, at most %d are allowed"
                  .formatted(field, what, bytes, max),
              field,
              "too_large"));
    }
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
