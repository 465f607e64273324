package io.galerne.console;

import io.galerne.identity.KeyNames;
import io.galerne.identity.Page;
import io.galerne.identity.WorkspaceDetails;
import io.galerne.identity.WorkspaceDirectory;
import io.galerne.moderation.PolicyScope;
import io.galerne.signin.Person;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What the scopes of policies are called, rather than their ids. */
@Component
class ScopeNames {
  private static final int WORKSPACES_MAX = 1_000;

  private final WorkspaceDirectory workspaces;
  private final KeyNames keys;

  ScopeNames(WorkspaceDirectory workspaces, KeyNames keys) {
    this.workspaces = workspaces;
    this.keys = keys;
  }

  /** By value; a value that nothing is known of stands for itself. */
  Map<String, String> of(Person person, Collection<PolicyScope> scopes) {
    Map<String, String> names = new HashMap<>();
    scopes.forEach(scope -> names.put(scope.value(), scope.value()));
    for (WorkspaceDetails workspace :
        workspaces.list(person.admin(), new Page.Wanted(1, WORKSPACES_MAX), true, "").items()) {
      names.computeIfPresent(workspace.id().toString(), (_, _) -> workspace.name());
    }
    Set<UUID> ids =
        scopes.stream()
            .filter(scope -> scope.kind() == PolicyScope.Kind.KEY)
            .map(scope -> UsageFilter.id(scope.value()))
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    keys.of(person.tenantId(), ids).forEach((id, name) -> names.put(id.toString(), name.text()));
    return names;
  }
}
