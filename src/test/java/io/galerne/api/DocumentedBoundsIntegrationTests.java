package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.core.util.Json31;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every bound that the document gives a field is the one that is enforced: what is at it has the
 * right shape, what is one past it has not.
 */
class DocumentedBoundsIntegrationTests extends ApiIntegrationTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int WRONG_SHAPE = 422;

  /** Values at a bound and past it, for the field that the path leads to. */
  private record Bound(String field, JsonNode at, JsonNode past) {}

  @TestFactory
  Stream<DynamicTest> chatCompletions() {
    ObjectNode body = JSON.createObjectNode().put("model", "tiny").put("max_tokens", 1);
    body.putArray("messages").addObject().put("role", "user").put("content", "x");
    return tests("/v1/chat/completions", ChatRequestShape.of(false), body);
  }

  @TestFactory
  Stream<DynamicTest> embeddings() {
    ObjectNode body = JSON.createObjectNode().put("model", "embed").put("input", "x");
    return tests("/v1/embeddings", EmbeddingsRequestShape.of(false), body);
  }

  @TestFactory
  Stream<DynamicTest> fim() {
    ObjectNode body = JSON.createObjectNode().put("model", "tiny").put("prompt", "x");
    return tests("/v1/fim/completions", FimRequestShape.of(false), body);
  }

  private Stream<DynamicTest> tests(String path, DocumentedBody documented, ObjectNode body) {
    JsonNode schema = JSON.readTree(Json31.pretty(documented.schema()));
    List<Bound> bounds = new ArrayList<>();
    schema
        .get("properties")
        .forEachEntry((field, shape) -> addBounds(bounds, field, shape, valueFor(body, field)));
    assertThat(bounds).as("bounds in the document").hasSizeGreaterThan(5);
    return bounds.stream()
        .map(bound -> DynamicTest.dynamicTest(bound.field(), () -> check(path, body, bound)));
  }

  private void check(String path, ObjectNode body, Bound bound) {
    String name = bound.field().split(" ", 2)[0];
    ObjectNode at = body.deepCopy();
    at.set(name, bound.at());
    assertThat(status(path, at)).as("at the bound of " + bound.field()).isNotEqualTo(WRONG_SHAPE);
    ObjectNode past = body.deepCopy();
    past.set(name, bound.past());
    assertThat(status(path, past)).as("past the bound of " + bound.field()).isEqualTo(WRONG_SHAPE);
  }

  private int status(String path, JsonNode body) {
    return postTo(path, body.toString()).returnResult(String.class).getStatus().value();
  }

  /** An item that a list of this shape may hold. */
  private static JsonNode valueFor(ObjectNode body, String field) {
    JsonNode known = body.get(field);
    if (known != null && known.isArray()) {
      return known.get(0);
    }
    return switch (field) {
      case "tools" -> JSON.readTree("{\"function\":{\"name\":\"f\"}}");
      case "guardrails" -> JSON.readTree("{\"block_on_error\":true}");
      default -> JSON.getNodeFactory().stringNode("x");
    };
  }

  private static void addBounds(List<Bound> bounds, String field, JsonNode shape, JsonNode item) {
    for (JsonNode either : shape.path("anyOf")) {
      addBounds(bounds, field, either, item);
    }
    var nodes = JSON.getNodeFactory();
    if (shape.has("maximum")) {
      var max = shape.get("maximum").decimalValue();
      bounds.add(
          new Bound(
              field + " maximum", nodes.numberNode(max), nodes.numberNode(max.add(step(shape)))));
    }
    if (shape.has("minimum")) {
      var min = shape.get("minimum").decimalValue();
      bounds.add(
          new Bound(
              field + " minimum",
              nodes.numberNode(min),
              nodes.numberNode(min.subtract(step(shape)))));
    }
    if (shape.has("exclusiveMinimum")) {
      var min = shape.get("exclusiveMinimum").decimalValue();
      bounds.add(
          new Bound(
              field + " exclusiveMinimum",
              nodes.numberNode(min.add(step(shape))),
              nodes.numberNode(min)));
    }
    if (shape.has("maxLength")) {
      int max = shape.get("maxLength").intValue();
      String astral = "\uD83D\uDE00";
      bounds.add(
          new Bound(
              field + " maxLength",
              nodes.stringNode(astral.repeat(max)),
              nodes.stringNode(astral.repeat(max + 1))));
    }
    if (shape.path("minLength").asInt(0) > 0) {
      bounds.add(new Bound(field + " minLength", nodes.stringNode("x"), nodes.stringNode("")));
    }
    if (shape.has("maxItems") && !field.equals("tools")) {
      int max = shape.get("maxItems").intValue();
      bounds.add(new Bound(field + " maxItems", list(item, max), list(item, max + 1)));
    }
    if (shape.path("minItems").asInt(0) > 0) {
      bounds.add(new Bound(field + " minItems", list(item, 1), list(item, 0)));
    }
    if (shape.has("maxProperties") && !shape.has("propertyNames")) {
      int max = shape.get("maxProperties").intValue();
      bounds.add(new Bound(field + " maxProperties", map(max), map(max + 1)));
    }
  }

  private static BigDecimal step(JsonNode shape) {
    boolean isInteger = shape.get("type").toString().contains("integer");
    return isInteger ? BigDecimal.ONE : new BigDecimal("0.0000000001");
  }

  private static JsonNode list(JsonNode item, int size) {
    ArrayNode list = JSON.createArrayNode();
    for (int i = 0; i < size; i++) {
      list.add(item);
    }
    return list;
  }

  private static JsonNode map(int size) {
    ObjectNode map = JSON.createObjectNode();
    for (int i = 0; i < size; i++) {
      map.put("k" + i, i);
    }
    return map;
  }
}
