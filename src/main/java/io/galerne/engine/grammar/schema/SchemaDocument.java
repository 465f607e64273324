package io.galerne.engine.grammar.schema;

import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A schema's text with all its schemas found, and what their references lead to. */
final class SchemaDocument {
  private static final URI HERE = URI.create("galerne:/schema");

  private static final Pattern PUBLISHED = Pattern.compile("(https?:)?//json-schema\\.org/");

  private static final List<String> SINGLE =
      List.of(
          "additionalProperties",
          "additionalItems",
          "contains",
          "not",
          "if",
          "then",
          "else",
          "items",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties",
          "contentSchema");
  private static final List<String> LISTS =
      List.of("allOf", "anyOf", "oneOf", "prefixItems", "items");
  private static final List<String> MAPS =
      List.of(
          "properties",
          "patternProperties",
          "$defs",
          "definitions",
          "dependentSchemas",
          "dependencies");

  private final Budget budget;
  private final IdentityHashMap<JsonNode, SchemaNode> nodes = new IdentityHashMap<>();
  private final Map<String, SchemaNode> resources = new HashMap<>();
  private final Map<String, SchemaNode> anchors = new HashMap<>();
  private final SchemaNode root;

  private SchemaDocument(JsonNode json, Budget budget) {
    this.budget = budget;
    boolean draft7 = dialect(json).contains("draft-0");
    this.root = register(json, "", HERE, draft7);
    resources.putIfAbsent(HERE.toString(), root);
  }

  /** A dialect of somebody's own may leave keywords out or mean other things by them. */
  private String dialect(JsonNode json) {
    JsonNode dialect = json.get("$schema");
    if (dialect == null || !dialect.isString()) {
      return "";
    }
    String address = dialect.stringValue();
    if (!address.isBlank() && !PUBLISHED.matcher(address).lookingAt()) {
      budget.at("$schema", "");
      throw budget.refusal(Kind.UNSUPPORTED, "only dialects of json-schema.org are known");
    }
    return address;
  }

  /**
   * Reads a schema.
   *
   * @throws GrammarException where it isn't JSON, isn't a schema or is too large
   */
  static SchemaDocument read(String text, Budget budget) {
    budget.atMost(budget.limits().sourceBytes(), text.length(), "characters of a schema");
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(budget.limits().sourceDepth())
                    .maxNumberLength(400)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    JsonMapper mapper =
        JsonMapper.builder(factory)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    try {
      return new SchemaDocument(mapper.readTree(text), budget);
    } catch (JacksonException e) {
      throw budget.refusal(Kind.MALFORMED, "the schema can't be read: " + e.getOriginalMessage());
    }
  }

  SchemaNode root() {
    return root;
  }

  /** The schema at a place within another. */
  SchemaNode child(SchemaNode parent, JsonNode json, String... path) {
    SchemaNode known = nodes.get(json);
    if (known != null) {
      return known;
    }
    StringBuilder pointer = new StringBuilder(parent.pointer());
    for (String name : path) {
      pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
    }
    return register(json, pointer.toString(), parent.base(), parent.draft7());
  }

  private SchemaNode register(JsonNode json, String pointer, URI parentBase, boolean draft7) {
    budget.spend(16);
    if (!json.isObject() && !json.isBoolean()) {
      budget.at("schema", pointer);
      throw budget.refusal(Kind.MALFORMED, "a schema is an object or a boolean");
    }
    URI base = parentBase;
    JsonNode id = json.get("$id");
    boolean hidden = draft7 && json.has("$ref");
    if (id != null && id.isString() && !hidden) {
      budget.at("$id", pointer);
      URI resolved = resolve(parentBase, id.stringValue());
      String fragment = resolved.getRawFragment();
      URI whole = withoutFragment(resolved);
      boolean resource = fragment == null || fragment.isEmpty();
      if (resource) {
        base = whole;
      }
      SchemaNode node = new SchemaNode(json, pointer, base, draft7);
      if (resource) {
        resources.putIfAbsent(whole.toString(), node);
      } else {
        anchors.putIfAbsent(whole + "#" + fragment, node);
      }
    }
    SchemaNode node = new SchemaNode(json, pointer, base, draft7);
    nodes.put(json, node);
    for (String keyword : List.of("$anchor", "$dynamicAnchor")) {
      JsonNode anchor = json.get(keyword);
      if (anchor != null && anchor.isString()) {
        anchors.putIfAbsent(base + "#" + anchor.stringValue(), node);
      }
    }
    if (!hidden) {
      registerChildren(node);
    } else {
      registerMaps(node, Set.of("definitions", "$defs"));
    }
    return node;
  }

  private void registerChildren(SchemaNode node) {
    for (String keyword : SINGLE) {
      JsonNode json = node.get(keyword);
      if (json != null && (json.isObject() || json.isBoolean())) {
        child(node, json, keyword);
      }
    }
    for (String keyword : LISTS) {
      JsonNode list = node.get(keyword);
      for (int i = 0; list != null && list.isArray() && i < list.size(); i++) {
        child(node, list.get(i), keyword, Integer.toString(i));
      }
    }
    registerMaps(node, Set.copyOf(MAPS));
  }

  private void registerMaps(SchemaNode node, Set<String> keywords) {
    for (String keyword : keywords) {
      JsonNode map = node.get(keyword);
      if (map != null && map.isObject()) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
          if (!keyword.equals("dependencies") || !entry.getValue().isArray()) {
            child(node, entry.getValue(), keyword, entry.getKey());
          }
        }
      }
    }
  }

  /**
   * What a reference leads to, within this document.
   *
   * @throws GrammarException where it leads out of it or nowhere
   */
  SchemaNode resolve(SchemaNode from, String reference) {
    URI target = resolve(from.base(), reference);
    URI whole = withoutFragment(target);
    String fragment = target.getRawFragment();
    SchemaNode resource = resources.get(whole.toString());
    SchemaNode anchored = anchors.get(whole + "#" + fragment);
    if (anchored != null) {
      return anchored;
    }
    if (resource == null) {
      throw budget.refusal(
          Kind.REMOTE_REFERENCE,
          "only references within the schema are followed; nothing is fetched");
    }
    if (fragment == null || fragment.isEmpty()) {
      return resource;
    }
    SchemaNode found = fragment.startsWith("/") ? follow(resource, fragment) : null;
    if (found == null) {
      throw budget.refusal(Kind.REFERENCE, "the reference leads nowhere");
    }
    return found;
  }

  private @Nullable SchemaNode follow(SchemaNode resource, String fragment) {
    SchemaNode owner = resource;
    JsonNode json = resource.json();
    StringBuilder pointer = new StringBuilder(resource.pointer());
    for (String part : fragment.substring(1).split("/", -1)) {
      String name;
      try {
        name = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        return null;
      }
      name = name.replace("~1", "/").replace("~0", "~");
      JsonNode next = json.isArray() ? element(json, name) : json.get(name);
      if (next == null) {
        return null;
      }
      pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
      json = next;
      SchemaNode known = nodes.get(json);
      owner = known == null ? owner : known;
    }
    SchemaNode known = nodes.get(json);
    return known != null ? known : register(json, pointer.toString(), owner.base(), owner.draft7());
  }

  private static @Nullable JsonNode element(JsonNode list, String index) {
    return index.matches("0|[1-9][0-9]{0,8}") ? list.get(Integer.parseInt(index)) : null;
  }

  private URI resolve(URI base, String reference) {
    try {
      if (reference.startsWith("#") || reference.isEmpty()) {
        return URI.create(withoutFragment(base) + reference);
      }
      return base.resolve(reference);
    } catch (IllegalArgumentException e) {
      throw budget.refusal(Kind.MALFORMED, "'" + reference + "' is no URI reference");
    }
  }

  private static URI withoutFragment(URI uri) {
    String text = uri.toString();
    int hash = text.indexOf('#');
    return hash < 0 ? uri : URI.create(text.substring(0, hash));
  }
}
