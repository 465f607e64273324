package io.galerne.deployments;

import io.galerne.catalog.CatalogProperties;
import io.galerne.catalog.KnownWeights;
import io.galerne.catalog.Tuning;
import io.galerne.moderation.ModerationFloors;
import io.galerne.outbound.AddressRules;
import io.galerne.serving.EngineLoader;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** What must hold of a deployment before anybody tries to bring it up. */
@Component
class SpecRules {
  private static final int URLS_MAX = 64;

  private final CatalogProperties catalog;
  private final DeploymentsProperties properties;
  private final EngineLoader loader;
  private final ModerationFloors floors;
  private final AddressRules addresses;

  SpecRules(
      CatalogProperties catalog,
      DeploymentsProperties properties,
      EngineLoader loader,
      ModerationFloors floors) {
    this.floors = floors;
    this.catalog = catalog;
    this.properties = properties;
    this.loader = loader;
    this.addresses = new AddressRules(properties.allowedNetworks());
  }

  /**
   * All that is wrong.
   *
   * @param taken names of models that the tenant's other deployments have
   * @param instead the engine that this one is to take the place of, empty for none
   */
  List<SpecProblem> check(DeploymentSpec spec, Set<String> taken, String engineId, String instead) {
    List<SpecProblem> problems = new ArrayList<>();
    Set<String> names = new HashSet<>(taken);
    if (!names.add(spec.model())) {
      problems.add(new SpecProblem("model", "another deployment has this name"));
    }
    for (String alias : spec.aliases()) {
      if (!names.add(alias)) {
        problems.add(new SpecProblem("aliases", "the name " + alias + " is taken"));
      }
    }
    if (spec.spillOver() != null && !isShared(spec.spillOver())) {
      problems.add(new SpecProblem("spill_over", "the catalogue has no such model"));
    }
    missingFloor(spec).ifPresent(reason -> problems.add(new SpecProblem("floor", reason)));
    checkLocal(spec.local(), spec.stopped(), engineId, instead, problems);
    checkRemote(spec.remote(), problems);
    return problems;
  }

  /** A floor that a replica doesn't know can't hold there. */
  Optional<String> missingFloor(DeploymentSpec spec) {
    return Optional.ofNullable(spec.floor())
        .filter(floor -> !floors.names().contains(floor))
        .map(floor -> "galerne.moderation.floors has no floor " + floor);
  }

  private boolean isShared(String name) {
    return catalog.models().stream()
        .anyMatch(model -> model.id().equals(name) || model.aliases().contains(name));
  }

  private void checkLocal(
      DeploymentSpec.@Nullable Local local,
      boolean stopped,
      String engineId,
      String instead,
      List<SpecProblem> problems) {
    if (local == null) {
      return;
    }
    Optional<KnownWeights.Complete> weights = weights(local.weights());
    if (weights.isEmpty()) {
      problems.add(new SpecProblem("local.weights", "there are no such weights"));
      return;
    }
    if (stopped) { // it takes nothing, and must be possible where nothing is left
      return;
    }
    loader
        .refusal(engineId, weights.get(), tuning(local), instead)
        .ifPresent(reason -> problems.add(new SpecProblem("local.kv_memory_mib", reason)));
  }

  private void checkRemote(DeploymentSpec.@Nullable Remote remote, List<SpecProblem> problems) {
    if (remote == null) {
      return;
    }
    if (weights(remote.vocabulary()).isEmpty()) {
      problems.add(new SpecProblem("remote.vocabulary", "there are no such weights"));
    }
    if (remote.urls().isEmpty() || remote.urls().size() > URLS_MAX) {
      problems.add(new SpecProblem("remote.urls", "1 to " + URLS_MAX + " are needed"));
    }
    remote.urls().forEach(url -> checkUrl(url, problems));
  }

  private void checkUrl(URI url, List<SpecProblem> problems) {
    boolean scheme =
        "https".equals(url.getScheme())
            || (properties.plainHttp() && "http".equals(url.getScheme()));
    if (!scheme) {
      problems.add(new SpecProblem("remote.urls", url + " is not an https address"));
    } else if (url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      problems.add(new SpecProblem("remote.urls", url + " is more than host, port and path"));
    } else {
      literal(url.getHost())
          .flatMap(addresses::refusal)
          .ifPresent(reason -> problems.add(new SpecProblem("remote.urls", reason)));
    }
  }

  /** Names are looked up when they are called, not here: what they lead to may change. */
  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host.replaceFirst("^\\[(.*)]$", "$1")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** All weights of the catalogue and the store that can be used. */
  List<KnownWeights.Complete> weights() {
    return KnownWeights.all(catalog).stream()
        .filter(KnownWeights.Complete.class::isInstance)
        .map(KnownWeights.Complete.class::cast)
        .toList();
  }

  /** Weights of the catalogue or the store that can be used. */
  Optional<KnownWeights.Complete> weights(String id) {
    return weights().stream().filter(known -> known.id().equals(id)).findFirst();
  }

  /** Floors of moderation that a deployment can have beside everybody's. */
  List<String> floors() {
    return floors.names().stream().sorted().toList();
  }

  /** The model whose price is charged: the catalogue's own name, where it knows another one. */
  String pricedAs(DeploymentSpec spec) {
    String own = spec.pricedAs();
    String name = own == null ? spec.model() : own;
    return catalog.models().stream()
        .filter(model -> model.id().equals(name) || model.aliases().contains(name))
        .map(model -> model.id())
        .findFirst()
        .orElse(name);
  }

  /** Models of the catalogue, which may take what a deployment has no room for. */
  List<String> sharedModels() {
    return catalog.models().stream().map(model -> model.id()).toList();
  }

  static Tuning tuning(DeploymentSpec.Local local) {
    Integer mib = local.kvMemoryMib();
    return new Tuning(
        local.contextTokens(),
        local.threads(),
        mib == null ? null : DataSize.ofMegabytes(mib),
        local.sequencesMax(),
        null,
        null);
  }
}
