package io.galerne.identity;

import java.util.List;

/**
 * What a key may be used for. An empty list allows everything of its kind.
 *
 * @param models names of models as clients write them
 * @param endpoints paths such as {@code /v1/embeddings}; each stands for what lies below it too
 * @param networks where requests may come from: addresses or CIDR blocks, of IPv4 or IPv6
 */
public record KeyScope(List<String> models, List<String> endpoints, List<String> networks) {
  /** No bounds. */
  public static final KeyScope EVERYTHING = new KeyScope(List.of(), List.of(), List.of());

  public KeyScope {
    models = List.copyOf(models);
    endpoints = List.copyOf(endpoints);
    networks = List.copyOf(networks);
  }

  /** Whether the key may ask for the model by this name. */
  public boolean allowsModel(String name) {
    return models.isEmpty() || models.contains(name);
  }

  boolean allowsPath(String path) {
    return endpoints.isEmpty()
        || endpoints.stream()
            .anyMatch(endpoint -> path.equals(endpoint) || path.startsWith(endpoint + "/"));
  }

  boolean allowsAddress(String address) {
    return networks.isEmpty()
        || networks.stream().anyMatch(network -> Networks.contains(network, address));
  }
}
