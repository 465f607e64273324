package io.galerne.deployments;

import io.galerne.catalog.KnownWeights;
import io.galerne.engine.Engine;
import io.galerne.engine.LoadListener;
import io.galerne.engine.ModelVocabulary;
import io.galerne.engine.WeightsException;
import io.galerne.outbound.AddressRules;
import io.galerne.outbound.CallTrace;
import io.galerne.outbound.OutboundHttp;
import io.galerne.remote.RemoteEngine;
import io.galerne.remote.RemoteSettings;
import io.galerne.serving.EngineLoader;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Makes the engine that a deployment wants. */
@Component
class DeploymentLauncher implements DisposableBean {
  private static final int CONNECTIONS_MAX = 1_024;

  private final SpecRules rules;
  private final EngineLoader loader;
  private final DeploymentsProperties properties;
  private final OutboundHttp http;

  DeploymentLauncher(
      SpecRules rules, EngineLoader loader, DeploymentsProperties properties, CallTrace trace) {
    this.rules = rules;
    this.loader = loader;
    this.properties = properties;
    this.http =
        new OutboundHttp(
            new AddressRules(properties.allowedNetworks()),
            new OutboundHttp.Timeouts(properties.connectTimeout(), properties.silence()),
            CONNECTIONS_MAX,
            trace);
  }

  /** It can't be done; the message is fit for people. */
  static final class LaunchException extends Exception {
    private static final long serialVersionUID = 1;

    LaunchException(String message) {
      super(message);
    }
  }

  Engine launch(Deployment deployment, @Nullable String credential, LoadListener listener)
      throws LaunchException {
    DeploymentSpec.Local local = deployment.spec().local();
    DeploymentSpec.Remote remote = deployment.spec().remote();
    String noFloor = rules.missingFloor(deployment.spec()).orElse(null);
    if (noFloor != null) {
      throw new LaunchException(noFloor);
    }
    try {
      if (local != null) {
        return local(deployment, local, listener);
      }
      if (remote != null) {
        return remote(remote, credential);
      }
    } catch (WeightsException e) {
      throw new LaunchException(String.valueOf(e.getMessage()));
    }
    throw new IllegalStateException("a deployment without a backend");
  }

  private Engine local(Deployment deployment, DeploymentSpec.Local local, LoadListener listener)
      throws LaunchException {
    KnownWeights.Complete weights = weights(local.weights());
    String name = deployment.engineId();
    String refusal = loader.refusal(name, weights, SpecRules.tuning(local), "").orElse(null);
    if (refusal != null) {
      throw new LaunchException(refusal);
    }
    Engine engine = loader.load(name, weights, SpecRules.tuning(local), listener);
    if (!engine.profile().digest().equals(weights.sha256())) {
      engine.close();
      loader.unloaded(name);
      throw new LaunchException(
          "the digest of %s is %s, not %s"
              .formatted(weights.file(), engine.profile().digest(), weights.sha256()));
    }
    return engine;
  }

  private Engine remote(DeploymentSpec.Remote remote, @Nullable String credential)
      throws LaunchException {
    KnownWeights.Complete weights = weights(remote.vocabulary());
    return new RemoteEngine(
        new RemoteSettings(
            remote.urls(),
            remote.model(),
            credential,
            remote.dialect(),
            weights.file(),
            ModelVocabulary.read(weights.file(), weights.tuning().promptFormat()),
            remote.contextTokens(),
            remote.requestsMax(),
            properties.probeEvery()),
        http);
  }

  private KnownWeights.Complete weights(String id) throws LaunchException {
    return rules.weights(id).orElseThrow(() -> new LaunchException("there are no weights " + id));
  }

  /** The temperature for requests that name none. */
  double defaultTemperature(DeploymentSpec spec) {
    DeploymentSpec.Local local = spec.local();
    DeploymentSpec.Remote remote = spec.remote();
    String id = local != null ? local.weights() : remote == null ? "" : remote.vocabulary();
    return rules.weights(id).map(KnownWeights.Complete::defaultTemperature).orElse(0.7);
  }

  /** The model whose price is charged. */
  String pricedAs(DeploymentSpec spec) {
    return rules.pricedAs(spec);
  }

  /** Frees what an engine had. */
  void close(Deployment deployment, Engine engine) {
    engine.close();
    loader.unloaded(deployment.engineId());
  }

  @Override
  public void destroy() {
    http.close();
  }
}
