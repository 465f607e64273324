package io.galerne.deployments;

import io.galerne.catalog.Capability;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.OwnModels;
import io.galerne.engine.ModelProfile;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The models of the deployments that are up on this replica. */
@Component
class DeployedModels implements OwnModels {
  private final Map<UUID, Offered> offered = new ConcurrentHashMap<>();

  private record Offered(Deployment deployment, ModelCard card) {
    boolean isFor(UUID tenantId) {
      UUID owner = deployment.tenantId();
      return owner == null || owner.equals(tenantId);
    }

    boolean isCalled(String name) {
      return card.id().equals(name) || card.aliases().contains(name);
    }
  }

  /** From now on requests go there; those that have begun elsewhere end there. */
  void offer(
      Deployment deployment, ModelProfile profile, double defaultTemperature, String pricedAs) {
    offered.put(
        deployment.id(),
        new Offered(deployment, card(deployment, profile, defaultTemperature, pricedAs)));
  }

  void withdraw(UUID id) {
    offered.remove(id);
  }

  private static ModelCard card(
      Deployment deployment, ModelProfile profile, double defaultTemperature, String pricedAs) {
    DeploymentSpec spec = deployment.spec();
    Set<Capability> capabilities =
        EnumSet.of(Capability.COMPLETION_CHAT, Capability.FUNCTION_CALLING);
    if (profile.fillsInMiddle()) {
      capabilities.add(Capability.COMPLETION_FIM);
    }
    return new ModelCard(
        spec.model(),
        spec.aliases(),
        (spec.description() + " " + servedBy(spec, profile)).strip(),
        capabilities,
        "galerne",
        deployment.createdAt(),
        null,
        null,
        defaultTemperature,
        deployment.engineId(),
        profile,
        pricedAs,
        spec.spillOver(),
        spec.floor());
  }

  private static String servedBy(DeploymentSpec spec, ModelProfile profile) {
    DeploymentSpec.Remote remote = spec.remote();
    return remote == null
        ? "Deployment %s, served by %s (%s, %s); SHA-256 %s."
            .formatted(
                spec.name(),
                profile.name(),
                profile.architecture(),
                profile.quantization(),
                profile.digest())
        : "Deployment %s, served by %s on %d machines elsewhere."
            .formatted(spec.name(), remote.model(), remote.urls().size());
  }

  @Override
  public Optional<ModelCard> find(UUID tenantId, String name) {
    return own(tenantId, name).or(() -> shared(name));
  }

  /** A tenant's own goes before everybody's of the same name. */
  private Optional<ModelCard> own(UUID tenantId, String name) {
    return offered.values().stream()
        .filter(each -> tenantId.equals(each.deployment().tenantId()) && each.isCalled(name))
        .map(Offered::card)
        .findFirst();
  }

  private Optional<ModelCard> shared(String name) {
    return offered.values().stream()
        .filter(each -> each.deployment().tenantId() == null && each.isCalled(name))
        .map(Offered::card)
        .findFirst();
  }

  @Override
  public List<ModelCard> cards(UUID tenantId) {
    return offered.values().stream()
        .filter(each -> each.isFor(tenantId))
        .map(Offered::card)
        .filter(card -> find(tenantId, card.id()).equals(Optional.of(card)))
        .toList();
  }

  /** What a deployment offers now, or null. */
  @Nullable ModelCard card(UUID id) {
    Offered each = offered.get(id);
    return each == null ? null : each.card();
  }
}
