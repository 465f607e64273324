package io.galerne.deployments;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.remote.Dialect;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted. Exactly one of {@code local} and {@code remote} is there.
 *
 * @param name of the deployment within its tenant
 * @param model the id that clients ask for; it may be one of the catalogue's, which it then goes
 *     before
 * @param aliases further such names
 * @param description the first words of the model's card
 * @param pricedAs the model whose price is charged, or null for {@code model}
 * @param spillOver the catalogue's model that takes what there is no room for, or null for none
 * @param floor the operator's floor of moderation that holds for it too, by its name, or null
 * @param stopped whether it is to be down
 */
public record DeploymentSpec(
    String name,
    String model,
    List<String> aliases,
    String description,
    @Nullable Local local,
    @Nullable Remote remote,
    @Nullable @JsonProperty("priced_as") String pricedAs,
    @Nullable @JsonProperty("spill_over") String spillOver,
    @Nullable String floor,
    boolean stopped) {
  /** What names of deployments look like. */
  public static final String NAME_PATTERN = "[a-z0-9][a-z0-9-]{0,62}";

  /** What names of models look like. */
  public static final String MODEL_PATTERN = "[A-Za-z0-9][A-Za-z0-9._:-]{0,127}";

  public DeploymentSpec {
    aliases = List.copyOf(aliases);
    if ((local == null) == (remote == null)) {
      throw new IllegalArgumentException("exactly one of local and remote is needed");
    }
  }

  /**
   * An engine in the process.
   *
   * @param weights their id in the catalogue or the store
   * @param contextTokens fewer than the weights allow, or null
   * @param threads compute threads, or null for the installation's number
   * @param kvMemoryMib for keys and values, or null for a part of the heap
   * @param sequencesMax answers in progress together, or null for the installation's number
   */
  public record Local(
      String weights,
      @Nullable @JsonProperty("context_tokens") Integer contextTokens,
      @Nullable Integer threads,
      @Nullable @JsonProperty("kv_memory_mib") Integer kvMemoryMib,
      @Nullable @JsonProperty("sequences_max") Integer sequencesMax) {}

  /**
   * Machines elsewhere.
   *
   * @param urls of the replicas, up to and including {@code /v1}
   * @param model its name there
   * @param vocabulary the id of weights, of the catalogue or the store, that have the same
   *     vocabulary and chat template
   * @param requestsMax in progress on one replica
   */
  public record Remote(
      List<URI> urls,
      String model,
      Dialect dialect,
      String vocabulary,
      @JsonProperty("context_tokens") int contextTokens,
      @JsonProperty("requests_max") int requestsMax) {
    public Remote {
      urls = List.copyOf(urls);
    }
  }

  /** The same, to be up or down. */
  public DeploymentSpec withStopped(boolean down) {
    return new DeploymentSpec(
        name, model, aliases, description, local, remote, pricedAs, spillOver, floor, down);
  }
}
