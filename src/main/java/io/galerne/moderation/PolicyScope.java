package io.galerne.moderation;

import io.galerne.identity.Caller;
import java.util.Locale;
import java.util.Set;

/**
 * Whose requests a policy is about.
 *
 * @param value the id of the workspace, the key or the deployment, the model's own name, or the
 *     weights of the catalogue's models; empty for the whole organisation
 */
public record PolicyScope(Kind kind, String value) {
  /** Kinds of scopes. */
  public enum Kind {
    ORGANIZATION,
    WORKSPACE,
    KEY,
    MODEL,
    DEPLOYMENT;

    /** As the wire and the database spell it. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Whether a request falls under it.
   *
   * @param line the key of the scope with those that replaced it; only for keys
   */
  boolean covers(Caller caller, String model, String deployment, Set<String> line) {
    return switch (kind) {
      case ORGANIZATION -> true;
      case WORKSPACE -> value.equals(caller.workspaceId().toString());
      case KEY -> line.contains(caller.apiKeyId().toString());
      case MODEL -> value.equals(model);
      case DEPLOYMENT -> isServedBy(deployment);
    };
  }

  /** Engines of deployments are called by their id and revision, others by their weights. */
  boolean isServedBy(String deployment) {
    return deployment.equals(value) || deployment.startsWith("deployment-" + value + "-");
  }
}
