package io.galerne.moderation;

import io.galerne.identity.Caller;
import java.util.Locale;

/**
 * Whose requests a policy is about.
 *
 * @param value the workspace's or key's id, or the model's name; empty for the whole organisation
 */
public record PolicyScope(Kind kind, String value) {
  /** Kinds of scopes. */
  public enum Kind {
    ORGANIZATION,
    WORKSPACE,
    KEY,
    MODEL;

    /** As the wire and the database spell it. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean covers(Caller caller, String model) {
    return switch (kind) {
      case ORGANIZATION -> true;
      case WORKSPACE -> value.equals(caller.workspaceId().toString());
      case KEY -> value.equals(caller.apiKeyId().toString());
      case MODEL -> value.equals(model);
    };
  }
}
