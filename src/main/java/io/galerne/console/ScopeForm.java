package io.galerne.console;

import io.galerne.moderation.PolicyScope;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose requests a new policy is about, as the form says it: each kind has a field of its own.
 *
 * @param scope a kind's name
 */
record ScopeForm(
    @Nullable String scope,
    @Nullable String workspace,
    @Nullable String key,
    @Nullable String model,
    @Nullable String deployment) {
  static final ScopeForm EMPTY = new ScopeForm("organization", "", "", "", "");
  private static final int VALUE_CHARS_MAX = 200;

  /** Empty if a kind or its value is missing. */
  Optional<PolicyScope> read() {
    for (PolicyScope.Kind kind : PolicyScope.Kind.values()) {
      if (kind.wireName().equals(scope)) {
        String value = UsageFilter.typed(value(kind), VALUE_CHARS_MAX);
        return value.isEmpty() && kind != PolicyScope.Kind.ORGANIZATION
            ? Optional.empty()
            : Optional.of(new PolicyScope(kind, value));
      }
    }
    return Optional.empty();
  }

  private @Nullable String value(PolicyScope.Kind kind) {
    return switch (kind) {
      case ORGANIZATION -> "";
      case WORKSPACE -> workspace;
      case KEY -> key;
      case MODEL -> model;
      case DEPLOYMENT -> deployment;
    };
  }

  /** The kinds there are, as the form names them. */
  public static String[] kinds() {
    PolicyScope.Kind[] kinds = PolicyScope.Kind.values();
    String[] names = new String[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      names[i] = kinds[i].name().toLowerCase(Locale.ROOT);
    }
    return names;
  }
}
