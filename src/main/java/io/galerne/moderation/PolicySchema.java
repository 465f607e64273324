package io.galerne.moderation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What {@link io.galerne.moderation.policy.PolicyReader} takes, in the words of JSON Schema. */
final class PolicySchema {
  static final String TEXT = read();

  private PolicySchema() {}

  private static String read() {
    try (InputStream in =
        PolicySchema.class.getResourceAsStream("/moderation/policy.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("the schema of policies is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
