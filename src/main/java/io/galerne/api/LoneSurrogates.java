package io.galerne.api;

import tools.jackson.databind.JsonNode;

/** Text that JSON can spell and UTF-8 can't: half of a surrogate pair. */
final class LoneSurrogates {
  private LoneSurrogates() {}

  /** Whether every text in the tree, and every name of a field, has a form in UTF-8. */
  static boolean areAbsent(JsonNode tree) {
    if (tree.isString()) {
      return EchoedInput.isWellFormed(tree.stringValue());
    }
    if (tree.isObject()) {
      for (String name : tree.propertyNames()) {
        if (!EchoedInput.isWellFormed(name)) {
          return false;
        }
      }
    }
    for (JsonNode child : tree) {
      if (!areAbsent(child)) {
        return false;
      }
    }
    return true;
  }
}
