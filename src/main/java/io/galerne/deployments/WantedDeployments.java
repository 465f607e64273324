package io.galerne.deployments;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What the configuration and the database want together. */
@Component
class WantedDeployments {
  private final DeploymentTable table;
  private final boolean fromDatabase;
  private final List<Deployment> fromFile = new ArrayList<>();
  private final Map<UUID, String> credentials = new HashMap<>();

  WantedDeployments(DeploymentTable table, DeploymentsProperties properties, Clock clock) {
    this.table = table;
    this.fromDatabase = properties.fromDatabase();
    Instant now = clock.instant();
    for (DeploymentsProperties.Item item : properties.items()) {
      UUID id = id(item);
      fromFile.add(new Deployment(item.tenant(), id, item.spec(), 1, true, now, now));
      DeploymentsProperties.Remote remote = item.remote();
      if (remote != null && remote.credential() != null) {
        credentials.put(id, remote.credential());
      }
    }
  }

  /** The same in every replica and after each start. */
  private static UUID id(DeploymentsProperties.Item item) {
    String name = "galerne deployment of " + item.tenant() + ": " + item.name();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  List<Deployment> all() {
    List<Deployment> all = new ArrayList<>(fromFile);
    if (fromDatabase) {
      all.addAll(table.all());
    }
    return all;
  }

  /** Those of the configuration that a tenant may use. */
  List<Deployment> fromFile(UUID tenantId) {
    return fromFile.stream()
        .filter(each -> each.tenantId() == null || each.tenantId().equals(tenantId))
        .toList();
  }

  @Nullable String credential(Deployment deployment) {
    UUID tenantId = deployment.tenantId();
    return deployment.fromFile() || tenantId == null
        ? credentials.get(deployment.id())
        : table.credential(tenantId, deployment.id());
  }
}
