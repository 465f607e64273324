package io.galerne.console;

import io.galerne.deployments.DeploymentSpec;
import io.galerne.remote.Dialect;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form of a deployment, as it was sent.
 *
 * @param place {@code local} or {@code remote}
 * @param urls one a line
 * @param credential empty to leave it as it is
 */
record DeploymentForm(
    @Nullable String name,
    @Nullable String model,
    @Nullable String aliases,
    @Nullable String description,
    @Nullable String place,
    @Nullable String weights,
    @Nullable String threads,
    @Nullable String kv,
    @Nullable String sequences,
    @Nullable String context,
    @Nullable String urls,
    @Nullable String remoteModel,
    @Nullable String dialect,
    @Nullable String vocabulary,
    @Nullable String remoteContext,
    @Nullable String requests,
    @Nullable String credential,
    @Nullable String pricedAs,
    @Nullable String spillOver,
    @Nullable String floor) {
  private static final String REMOTE = "remote";
  private static final int LIST_MAX = 64;
  private static final int TEXT_CHARS_MAX = 1_000;
  private static final int CREDENTIAL_CHARS_MAX = 4_096;
  private static final int NUMBER_MAX = 10_000_000;
  private static final int CONTEXT_MIN = 16;
  private static final int CONTEXT_DEFAULT = 4_096;
  private static final int REQUESTS_DEFAULT = 64;

  static final DeploymentForm EMPTY =
      new DeploymentForm(
          "", "", "", "", "local", "", "", "", "", "", "", "", "openai", "", "", "", "", "", "",
          "");

  /** What became of reading it. */
  sealed interface Read {}

  /**
   * @param credential null for none, or to leave it as it is
   */
  record Good(DeploymentSpec spec, @Nullable String credential) implements Read {
    /** Without the credential. */
    @Override
    public String toString() {
      return "Good[" + spec + "]";
    }
  }

  /**
   * @param problems the keys of what is wrong, by field
   */
  record Wrong(Map<String, String> problems) implements Read {}

  /** The form that shows a deployment as it is. */
  static DeploymentForm of(DeploymentSpec spec) {
    DeploymentSpec.Local local = spec.local();
    DeploymentSpec.Remote remote = spec.remote();
    return new DeploymentForm(
        spec.name(),
        spec.model(),
        String.join(", ", spec.aliases()),
        spec.description(),
        remote == null ? "local" : REMOTE,
        local == null ? "" : local.weights(),
        local == null ? "" : shown(local.threads()),
        local == null ? "" : shown(local.kvMemoryMib()),
        local == null ? "" : shown(local.sequencesMax()),
        local == null ? "" : shown(local.contextTokens()),
        remote == null ? "" : String.join("\n", remote.urls().stream().map(URI::toString).toList()),
        remote == null ? "" : remote.model(),
        remote == null ? "openai" : remote.dialect().name().toLowerCase(Locale.ROOT),
        remote == null ? "" : remote.vocabulary(),
        remote == null ? "" : shown(remote.contextTokens()),
        remote == null ? "" : shown(remote.requestsMax()),
        "",
        spec.pricedAs(),
        spec.spillOver(),
        spec.floor());
  }

  private static String shown(@Nullable Integer number) {
    return number == null ? "" : number.toString();
  }

  /**
   * @param stopped whether it is to be down
   */
  Read read(boolean stopped) {
    Map<String, String> problems = new TreeMap<>();
    require(problems, "name", text(name).matches(DeploymentSpec.NAME_PATTERN));
    require(problems, "model", text(model).matches(DeploymentSpec.MODEL_PATTERN));
    List<String> names = list(aliases, ",");
    require(
        problems,
        "aliases",
        names.size() <= LIST_MAX
            && names.stream().allMatch(alias -> alias.matches(DeploymentSpec.MODEL_PATTERN)));
    require(problems, "description", text(description).length() <= TEXT_CHARS_MAX);
    require(problems, "pricedAs", isModelOrNothing(pricedAs));
    require(problems, "spillOver", isModelOrNothing(spillOver));
    require(problems, "floor", text(floor).length() <= 128);
    require(problems, "credential", text(credential).length() <= CREDENTIAL_CHARS_MAX);
    boolean elsewhere = REMOTE.equals(text(place));
    DeploymentSpec.Local local = elsewhere ? null : local(problems);
    DeploymentSpec.Remote remote = elsewhere ? remote(problems) : null;
    if (!problems.isEmpty()) {
      return new Wrong(problems);
    }
    return new Good(
        new DeploymentSpec(
            text(name),
            text(model),
            names,
            text(description),
            local,
            remote,
            orNull(pricedAs),
            orNull(spillOver),
            orNull(floor),
            stopped),
        elsewhere ? orNull(credential) : null);
  }

  private DeploymentSpec.Local local(Map<String, String> problems) {
    require(problems, "weights", !text(weights).isEmpty() && text(weights).length() <= 128);
    return new DeploymentSpec.Local(
        text(weights),
        number(problems, "context", context, CONTEXT_MIN, NUMBER_MAX),
        number(problems, "threads", threads, 1, 1_024),
        number(problems, "kv", kv, 1, 1 << 20),
        number(problems, "sequences", sequences, 1, 65_536));
  }

  private DeploymentSpec.Remote remote(Map<String, String> problems) {
    List<URI> addresses = new ArrayList<>();
    for (String line : list(urls, "\\s+")) {
      try {
        addresses.add(URI.create(line.replaceFirst("/+$", "")));
      } catch (IllegalArgumentException unreadable) {
        require(problems, "urls", false);
      }
    }
    require(problems, "urls", !addresses.isEmpty() && addresses.size() <= LIST_MAX);
    String there = text(remoteModel);
    require(problems, "remoteModel", !there.isEmpty() && there.length() <= 256);
    require(
        problems, "vocabulary", !text(vocabulary).isEmpty() && text(vocabulary).length() <= 128);
    Integer tokens = number(problems, "remoteContext", remoteContext, CONTEXT_MIN, NUMBER_MAX);
    Integer most = number(problems, "requests", requests, 1, 65_536);
    return new DeploymentSpec.Remote(
        addresses,
        there,
        Stream.of(Dialect.values())
            .filter(each -> each.name().equalsIgnoreCase(text(dialect)))
            .findFirst()
            .orElse(Dialect.OPENAI),
        text(vocabulary),
        tokens == null ? CONTEXT_DEFAULT : tokens,
        most == null ? REQUESTS_DEFAULT : most);
  }

  private static void require(Map<String, String> problems, String field, boolean holds) {
    if (!holds) {
      problems.putIfAbsent(field, "deployments.wrong." + field);
    }
  }

  private static boolean isModelOrNothing(@Nullable String text) {
    return text(text).isEmpty() || text(text).matches(DeploymentSpec.MODEL_PATTERN);
  }

  private static @Nullable Integer number(
      Map<String, String> problems, String field, @Nullable String text, int min, int max) {
    String typed = text(text);
    if (typed.isEmpty()) {
      return null;
    }
    int read = typed.matches("\\d{1,8}") ? Integer.parseInt(typed) : -1;
    if (read < min || read > max) {
      problems.put(field, "deployments.wrong.number");
      return null;
    }
    return read;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text.strip();
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text(text).isEmpty() ? null : text(text);
  }

  private static List<String> list(@Nullable String text, String separator) {
    return Arrays.stream(text(text).split(separator, -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
