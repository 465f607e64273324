package io.galerne.console;

import io.galerne.deployments.Deployment;
import io.galerne.deployments.DeploymentSpec;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A deployment as {@code config/deployments.yaml} would have it, so that what was tried by hand can
 * be kept in a file. A credential is never in it.
 */
final class DeploymentYaml {
  private DeploymentYaml() {}

  static String of(Deployment deployment) {
    DeploymentSpec spec = deployment.spec();
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("name", spec.name());
    put(item, "tenant", deployment.tenantId() == null ? null : deployment.tenantId().toString());
    item.put("model", spec.model());
    put(item, "aliases", spec.aliases().isEmpty() ? null : spec.aliases());
    put(item, "description", spec.description().isEmpty() ? null : spec.description());
    put(item, "local", local(spec.local()));
    put(item, "remote", remote(spec.remote()));
    put(item, "priced-as", spec.pricedAs());
    put(item, "spill-over", spec.spillOver());
    put(item, "floor", spec.floor());
    put(item, "stopped", spec.stopped() ? true : null);
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndicatorIndent(2);
    options.setIndentWithIndicator(true);
    return new Yaml(options)
        .dump(Map.of("galerne", Map.of("deployments", Map.of("items", List.of(item)))));
  }

  private static @Nullable Map<String, Object> local(DeploymentSpec.@Nullable Local local) {
    if (local == null) {
      return null;
    }
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("weights", local.weights());
    put(item, "context-tokens", local.contextTokens());
    put(item, "threads", local.threads());
    put(item, "kv-memory-mib", local.kvMemoryMib());
    put(item, "sequences-max", local.sequencesMax());
    return item;
  }

  private static @Nullable Map<String, Object> remote(DeploymentSpec.@Nullable Remote remote) {
    if (remote == null) {
      return null;
    }
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("urls", remote.urls().stream().map(URI::toString).toList());
    item.put("model", remote.model());
    item.put("dialect", remote.dialect().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    item.put("vocabulary", remote.vocabulary());
    item.put("context-tokens", remote.contextTokens());
    item.put("requests-max", remote.requestsMax());
    return item;
  }

  private static void put(Map<String, Object> item, String name, @Nullable Object value) {
    if (value != null) {
      item.put(name, value);
    }
  }
}
