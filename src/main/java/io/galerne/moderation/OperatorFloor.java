package io.galerne.moderation;

import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * The policies that no tenant can lower, from files that are read at the start: one for everybody,
 * and one for each name that deployments may give.
 */
@Component
class OperatorFloor implements ModerationFloors {
  private final Optional<CompiledPolicy> policy;
  private final Map<String, CompiledPolicy> named = new TreeMap<>();

  OperatorFloor(ModerationProperties properties) throws IOException {
    Path file = properties.floor();
    policy = file == null ? Optional.empty() : Optional.of(read("galerne.moderation.floor", file));
    for (Map.Entry<String, Path> each : properties.floors().entrySet()) {
      String property = "galerne.moderation.floors." + each.getKey();
      named.put(each.getKey(), read(property, each.getValue()));
    }
  }

  private static CompiledPolicy read(String property, Path file) throws IOException {
    String text = Files.readString(file);
    return switch (PolicyText.read(text)) {
      case PolicyReader.Result.Read(Policy read) ->
          CompiledPolicy.of(read, "floor:" + Hashes.sha256(PolicyText.canonical(text)));
      case PolicyReader.Result.Refused(var problems) ->
          throw new IllegalStateException(
              "%s: %s is no policy: %s".formatted(property, file, problems));
    };
  }

  Optional<CompiledPolicy> policy() {
    return policy;
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(named.keySet());
  }

  /**
   * The floors of these names, in the order of the names.
   *
   * @throws IllegalStateException for a name that there is no floor of
   */
  List<CompiledPolicy> named(Set<String> names) {
    return names.stream().sorted().map(this::named).toList();
  }

  private CompiledPolicy named(String name) {
    CompiledPolicy floor = named.get(name);
    if (floor == null) {
      throw new IllegalStateException("there is no floor " + name);
    }
    return floor;
  }
}
