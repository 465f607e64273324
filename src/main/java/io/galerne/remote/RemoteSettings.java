package io.galerne.remote;

import io.galerne.engine.ModelVocabulary;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that other machines serve.
 *
 * @param replicas where, up to and including {@code /v1}; each serves the same model
 * @param model its name there
 * @param credential sent as a bearer token, null for none
 * @param vocabularyFile what {@link #vocabulary} was read from
 * @param vocabulary what our own count is made with
 * @param contextTokens the longest prompt and answer together
 * @param requestsMax in progress on one replica
 * @param probeInterval how often a replica is asked whether it is there
 */
public record RemoteSettings(
    List<URI> replicas,
    String model,
    @Nullable String credential,
    Dialect dialect,
    Path vocabularyFile,
    ModelVocabulary vocabulary,
    int contextTokens,
    int requestsMax,
    Duration probeInterval) {
  public RemoteSettings {
    replicas = List.copyOf(replicas);
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException("replicas must not be empty");
    }
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "RemoteSettings[%s at %s]".formatted(model, replicas);
  }
}
