package io.galerne.deployments;

import io.galerne.remote.Dialect;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Deployments in the configuration ({@code config/deployments.yaml}), and what remote backends may
 * be.
 *
 * @param items wanted on every replica
 * @param fromDatabase whether what is in the database is brought up here too
 * @param allowedNetworks blocks of addresses beside the public internet where backends may be
 * @param plainHttp whether backends may be called without TLS
 * @param connectTimeout for a connection to a backend
 * @param silence most time between two bytes of a backend's answer
 * @param probeEvery how often a backend is asked whether it is there
 * @param drainMax how long answers may take to end after a change
 */
@Validated
@ConfigurationProperties("galerne.deployments")
public record DeploymentsProperties(
    @DefaultValue List<Item> items,
    @DefaultValue("true") boolean fromDatabase,
    @DefaultValue List<String> allowedNetworks,
    @DefaultValue("false") boolean plainHttp,
    @DefaultValue("3s") Duration connectTimeout,
    @DefaultValue("60s") Duration silence,
    @DefaultValue("5s") Duration probeEvery,
    @DefaultValue("10m") Duration drainMax) {
  public DeploymentsProperties {
    items = List.copyOf(items);
    allowedNetworks = List.copyOf(allowedNetworks);
  }

  /**
   * One deployment.
   *
   * @param tenant its id, or null for everybody
   */
  public record Item(
      @Nullable UUID tenant,
      String name,
      String model,
      @DefaultValue List<String> aliases,
      @DefaultValue("") String description,
      DeploymentSpec.@Nullable Local local,
      @Nullable Remote remote,
      @Nullable String pricedAs,
      @Nullable String spillOver,
      @Nullable String floor,
      @DefaultValue("false") boolean stopped) {
    DeploymentSpec spec() {
      return new DeploymentSpec(
          name,
          model,
          aliases,
          description,
          local,
          remote == null ? null : remote.spec(),
          pricedAs,
          spillOver,
          floor,
          stopped);
    }
  }

  /**
   * As {@link DeploymentSpec.Remote}, with the credential.
   *
   * @param credential a bearer token; better a placeholder for an environment variable
   */
  public record Remote(
      List<URI> urls,
      String model,
      @DefaultValue("openai") Dialect dialect,
      String vocabulary,
      @DefaultValue("4096") int contextTokens,
      @DefaultValue("64") int requestsMax,
      @Nullable String credential) {
    DeploymentSpec.Remote spec() {
      return new DeploymentSpec.Remote(
          urls, model, dialect, vocabulary, contextTokens, requestsMax);
    }

    /** Without the credential. */
    @Override
    public String toString() {
      return "Remote[" + model + " at " + urls + "]";
    }
  }
}
