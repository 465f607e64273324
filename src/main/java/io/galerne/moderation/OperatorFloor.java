package io.galerne.moderation;

import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The policy that no tenant can lower, from a file that is read at the start. */
@Component
class OperatorFloor {
  private final Optional<CompiledPolicy> policy;

  OperatorFloor(ModerationProperties properties) throws IOException {
    Path file = properties.floor();
    policy = file == null ? Optional.empty() : Optional.of(read(file));
  }

  private static CompiledPolicy read(Path file) throws IOException {
    String text = Files.readString(file);
    return switch (PolicyText.read(text)) {
      case PolicyReader.Result.Read(Policy read) ->
          CompiledPolicy.of(read, "floor:" + Hashes.sha256(PolicyText.canonical(text)));
      case PolicyReader.Result.Refused(var problems) ->
          throw new IllegalStateException(
              "galerne.moderation.floor: %s is no policy: %s".formatted(file, problems));
    };
  }

  Optional<CompiledPolicy> policy() {
    return policy;
  }
}
