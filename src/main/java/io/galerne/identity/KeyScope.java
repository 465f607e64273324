package io.galerne.identity;

import java.util.List;
import java.util.Optional;

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

  /**
   * Whether the key may ask for a model.
   *
   * @param name as the request has it
   * @param id the model's own name, if that was an alias
   */
  public boolean allowsModel(String name, String id) {
    return models.isEmpty() || models.contains(name) || models.contains(id);
  }

  /** A network in its plain form, or empty if the text is none. */
  public static Optional<String> network(String text) {
    return Networks.parse(text);
  }

  /** Whether the key may be used for what is served at a path. */
  public boolean allowsPath(String path) {
    return endpoints.isEmpty()
        || endpoints.stream()
            .anyMatch(endpoint -> path.equals(endpoint) || path.startsWith(endpoint + "/"));
  }

  boolean allowsAddress(String address) {
    return networks.isEmpty()
        || networks.stream().anyMatch(network -> Networks.contains(network, address));
  }
}
