package io.galerne.adminapi;

import io.galerne.deployments.DeploymentSpec;
import io.galerne.remote.Dialect;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a deployment from a request. */
final class DeploymentFields {
  static final Set<String> NAMES =
      Set.of(
          "name",
          "model",
          "aliases",
          "description",
          "local",
          "remote",
          "priced_as",
          "spill_over",
          "floor",
          "stopped");

  private static final String NAME = DeploymentSpec.NAME_PATTERN;
  private static final String MODEL = DeploymentSpec.MODEL_PATTERN;
  private static final int MODEL_MAX = 128;
  private static final int ALIASES_MAX = 32;
  private static final int TEXT_MAX = 1_000;
  private static final int URLS_MAX = 64;
  private static final int CREDENTIAL_MAX = 4_096;
  private static final int CONTEXT_MAX = 10_000_000;

  private DeploymentFields() {}

  /** What is wanted, with a credential that is in no answer. */
  record Wanted(DeploymentSpec spec, @Nullable String credential) {
    @Override
    public String toString() {
      return "Wanted[" + spec + "]";
    }
  }

  private record RemotePart(DeploymentSpec.Remote remote, @Nullable String credential) {}

  static Wanted read(Fields fields) {
    String name = matching(fields, "name", fields.requiredText("name", MODEL_MAX), NAME);
    String model = matching(fields, "model", fields.requiredText("model", MODEL_MAX), MODEL);
    List<String> aliases = fields.texts("aliases", ALIASES_MAX, MODEL_MAX);
    aliases.forEach(alias -> matching(fields, "aliases", alias, MODEL));
    String description = fields.text("description", TEXT_MAX);
    DeploymentSpec.Local local =
        given(fields, "local")
            ? fields.requiredObject(
                "local",
                Set.of("weights", "context_tokens", "threads", "kv_memory_mib", "sequences_max"),
                DeploymentFields::local)
            : null;
    RemotePart remote =
        given(fields, "remote")
            ? fields.requiredObject(
                "remote",
                Set.of(
                    "urls",
                    "model",
                    "dialect",
                    "vocabulary",
                    "context_tokens",
                    "requests_max",
                    "credential"),
                DeploymentFields::remote)
            : null;
    if ((local == null) == (remote == null)) {
      fields.wrong("local", "value_error", "Exactly one of local and remote is needed");
      return new Wanted(placeholder(name, model), null);
    }
    return new Wanted(
        new DeploymentSpec(
            name,
            model,
            aliases,
            description == null ? "" : description,
            local,
            remote == null ? null : remote.remote(),
            fields.text("priced_as", MODEL_MAX),
            fields.text("spill_over", MODEL_MAX),
            fields.text("floor", MODEL_MAX),
            given(fields, "stopped") && fields.flag("stopped")),
        remote == null ? null : remote.credential());
  }

  /** The request is refused before anybody looks at it. */
  private static DeploymentSpec placeholder(String name, String model) {
    DeploymentSpec.Local none = new DeploymentSpec.Local("", null, null, null, null);
    return new DeploymentSpec(name, model, List.of(), "", none, null, null, null, null, false);
  }

  private static boolean given(Fields fields, String field) {
    return fields.has(field) && !fields.isNull(field);
  }

  private static String matching(Fields fields, String field, String text, String pattern) {
    if (!text.isEmpty() && !text.matches(pattern)) {
      fields.wrong(field, "string_pattern_mismatch", "String should match " + pattern);
    }
    return text;
  }

  private static DeploymentSpec.Local local(Fields fields) {
    return new DeploymentSpec.Local(
        fields.requiredText("weights", MODEL_MAX),
        number(fields, "context_tokens", 16, CONTEXT_MAX),
        number(fields, "threads", 1, 1024),
        number(fields, "kv_memory_mib", 1, 1 << 20),
        number(fields, "sequences_max", 1, 65_536));
  }

  private static RemotePart remote(Fields fields) {
    List<URI> urls = new ArrayList<>();
    for (String text : fields.texts("urls", URLS_MAX, TEXT_MAX)) {
      try {
        urls.add(URI.create(text.replaceFirst("/+$", "")));
      } catch (IllegalArgumentException e) {
        fields.wrong("urls", "url_parsing", "Input should be a list of valid URLs");
      }
    }
    Integer context = number(fields, "context_tokens", 16, CONTEXT_MAX);
    Integer requests = number(fields, "requests_max", 1, 65_536);
    DeploymentSpec.Remote remote =
        new DeploymentSpec.Remote(
            urls,
            fields.requiredText("model", MODEL_MAX * 2),
            dialect(fields),
            fields.requiredText("vocabulary", MODEL_MAX),
            context == null ? 4_096 : context,
            requests == null ? 64 : requests);
    return new RemotePart(remote, fields.text("credential", CREDENTIAL_MAX));
  }

  private static Dialect dialect(Fields fields) {
    String text = fields.text("dialect", MODEL_MAX);
    if (text == null) {
      return Dialect.OPENAI;
    }
    return Stream.of(Dialect.values())
        .filter(dialect -> dialect.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseGet(
            () -> {
              fields.wrong("dialect", "enum", "Input should be openai, vllm, llama_cpp or mistral");
              return Dialect.OPENAI;
            });
  }

  private static @Nullable Integer number(Fields fields, String field, int min, int max) {
    Long value = fields.integer(field, min, max);
    return value == null ? null : value.intValue();
  }
}
