package io.galerne.engine.grammar.schema;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schema in its document.
 *
 * @param pointer where it is
 * @param base the address of the resource that it belongs to
 * @param draft7 whether draft 7 rules, by which a reference hides what is beside it
 */
record SchemaNode(JsonNode json, String pointer, URI base, boolean draft7) {
  @Nullable JsonNode get(String keyword) {
    return json.get(keyword);
  }
}
