package io.galerne.moderation;

import io.galerne.moderation.policy.PolicyProblem;
import io.galerne.moderation.policy.PolicyReader;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Policies as people write them. JSON is YAML too, so there is one reader. */
final class PolicyText {
  private static final int LENGTH_MAX = 1_000_000;
  private static final int DEPTH_MAX = 20;
  private static final int ALIASES_MAX = 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private PolicyText() {}

  /** A policy, or what is wrong with the text. */
  static PolicyReader.Result read(String text) {
    if (text.length() > LENGTH_MAX) {
      return refused("is longer than " + LENGTH_MAX + " characters");
    }
    try {
      Object tree = new Yaml(new SafeConstructor(options())).load(text);
      return PolicyReader.read(MAPPER.valueToTree(tree));
    } catch (YAMLException | JacksonException e) {
      return refused("is not YAML or JSON: " + firstLines(String.valueOf(e.getMessage())));
    } catch (StackOverflowError e) {
      return refused("is nested too deep");
    }
  }

  /** What may be in a text. */
  static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(ALIASES_MAX);
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setCodePointLimit(LENGTH_MAX);
    return options;
  }

  private static PolicyReader.Result refused(String message) {
    return new PolicyReader.Result.Refused(List.of(new PolicyProblem("", message)));
  }

  private static String firstLines(String message) {
    return message.lines().limit(4).reduce((a, b) -> a + " " + b.strip()).orElse(message);
  }

  /** The same policy in one way of writing, so that its hash doesn't depend on spaces. */
  static String canonical(String text) {
    Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    JsonNode json = MAPPER.valueToTree(tree);
    return MAPPER.writeValueAsString(MAPPER.treeToValue(json, Object.class));
  }
}
