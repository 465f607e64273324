package io.galerne.engine.grammar;

import java.math.BigDecimal;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Documents with their whole numbers spelled as such: the other validator takes {@code 1.0} for
 * another value than {@code 1} where it is within an array or object of an enum.
 */
final class WholeNumbers {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private WholeNumbers() {}

  static String plain(byte[] document) {
    return JSON.writeValueAsString(plain(JSON.readTree(document)));
  }

  private static JsonNode plain(JsonNode node) {
    if (node.isArray()) {
      ArrayNode array = JSON.createArrayNode();
      node.forEach(item -> array.add(plain(item)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = JSON.createObjectNode();
      for (Map.Entry<String, JsonNode> property : node.properties()) {
        object.set(property.getKey(), plain(property.getValue()));
      }
      return object;
    }
    if (node.isNumber()) {
      BigDecimal number = node.decimalValue();
      boolean whole = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
      return whole && number.precision() - (long) number.scale() <= 40
          ? JSON.getNodeFactory().numberNode(number.toBigInteger())
          : node;
    }
    return node;
  }
}
