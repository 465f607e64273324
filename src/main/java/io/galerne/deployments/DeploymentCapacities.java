package io.galerne.deployments;

import io.galerne.catalog.KnownWeights;
import io.galerne.catalog.ModelCard;
import io.galerne.engine.EngineStatistics;
import io.galerne.serving.EngineLoader;
import io.galerne.serving.EngineRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says what deployments have of this machine, from the engines and the settings themselves. */
@Component
class DeploymentCapacities {
  private final SpecRules rules;
  private final EngineLoader loader;
  private final EngineRegistry engines;
  private final DeployedModels models;

  DeploymentCapacities(
      SpecRules rules, EngineLoader loader, EngineRegistry engines, DeployedModels models) {
    this.rules = rules;
    this.loader = loader;
    this.engines = engines;
    this.models = models;
  }

  DeploymentCapacity of(Deployment deployment) {
    ModelCard card = models.card(deployment.id());
    DeploymentSpec.Local local = deployment.spec().local();
    DeploymentSpec.Remote remote = deployment.spec().remote();
    DeploymentCapacity.Load load = card == null ? null : load(card.weightsId());
    if (remote != null) {
      return new DeploymentCapacity(
          0,
          0,
          0,
          remote.requestsMax() * remote.urls().size(),
          remote.contextTokens(),
          null,
          null,
          null,
          load);
    }
    if (local == null) {
      throw new IllegalStateException("a deployment without a backend");
    }
    Integer context =
        card == null ? local.contextTokens() : (Integer) card.profile().contextTokens();
    Optional<KnownWeights.Complete> weights = rules.weights(local.weights());
    if (weights.isEmpty()) {
      return new DeploymentCapacity(0, 0, 0, 0, context, null, null, null, load);
    }
    EngineLoader.Capacity capacity =
        loader.capacity(deployment.engineId(), weights.get(), SpecRules.tuning(local));
    return new DeploymentCapacity(
        capacity.threads(),
        capacity.weightsBytes(),
        capacity.kvBytes(),
        capacity.sequencesMax(),
        context,
        weights.get().sha256(),
        weights.get().licence(),
        weights.get().source(),
        load);
  }

  private DeploymentCapacity.@Nullable Load load(String engineId) {
    EngineStatistics now = engines.statisticsByWeights().get(engineId);
    return now == null
        ? null
        : new DeploymentCapacity.Load(
            now.running(), now.waiting(), now.kvBlocksUsed(), now.kvBlocks());
  }
}
