package io.galerne.operations;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint.ConfigurationPropertiesBeanDescriptor;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.stereotype.Component;

/**
 * The configuration that is in force: every property of Galerne with its default, and of the
 * frameworks what somebody has set. Which of several sources counts is for Spring's environment to
 * say. Secrets are masked before anything else sees them.
 */
@Component
class ConfigurationInForce {
  private static final Pattern FRAMEWORKS =
      Pattern.compile("(?:spring|server|management|logging|springdoc)\\..*");
  private static final Pattern VARIABLES =
      Pattern.compile("(?:SPRING|SERVER|MANAGEMENT|LOGGING|SPRINGDOC|JAVA_TOOL_OPTIONS).*");
  private static final int DEPTH_MAX = 8;
  private static final String OWN = "galerne";

  private final ConfigurableEnvironment environment;
  private final ConfigurationPropertiesReportEndpoint report;

  ConfigurationInForce(ApplicationContext context, ConfigurableEnvironment environment) {
    this.environment = environment;
    this.report =
        new ConfigurationPropertiesReportEndpoint(
            List.of(ConfigurationInForce::masked), Show.ALWAYS);
    report.setApplicationContext(context);
  }

  /**
   * A property as it is in force.
   *
   * @param origin where the value is from; empty for a default
   */
  record Setting(String name, String value, String origin) {
    public boolean isSet() {
      return !origin.isEmpty();
    }

    public boolean isMasked() {
      return value.contains(SecretMask.MASK);
    }
  }

  /** By name. */
  List<Setting> settings() {
    Map<String, Setting> settings = new TreeMap<>();
    report
        .configurationPropertiesWithPrefix(OWN)
        .getContexts()
        .values()
        .forEach(context -> context.getBeans().values().forEach(bean -> add(settings, bean)));
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> named) {
        addFrameworks(settings, named);
      }
    }
    return List.copyOf(settings.values());
  }

  /** The sources that were read, those that go before others first. */
  List<String> sources() {
    return environment.getPropertySources().stream()
        .map(PropertySource::getName)
        .filter(name -> !name.equals("configurationProperties"))
        .toList();
  }

  private static SanitizableData masked(SanitizableData data) {
    Object value = data.getValue();
    return value == null
        ? data
        : data.withValue(SecretMask.of(data.getKey(), value.toString(), data.getPropertySource()));
  }

  private static void add(
      Map<String, Setting> settings, ConfigurationPropertiesBeanDescriptor bean) {
    add(settings, bean.getPrefix(), bean.getProperties(), bean.getInputs(), 0);
  }

  private static void add(
      Map<String, Setting> settings,
      String name,
      @Nullable Object value,
      @Nullable Object input,
      int depth) {
    if (depth > DEPTH_MAX) {
      return;
    }
    if (value instanceof Map<?, ?> fields && !fields.isEmpty()) {
      Map<?, ?> inputs = input instanceof Map<?, ?> known ? known : Map.of();
      fields.forEach(
          (field, inner) ->
              add(
                  settings,
                  name + "." + kebab(String.valueOf(field)),
                  inner,
                  inputs.get(field),
                  depth + 1));
    } else if (value instanceof List<?> items && !items.isEmpty()) {
      List<?> inputs = input instanceof List<?> known ? known : List.of();
      for (int i = 0; i < items.size(); i++) {
        add(
            settings,
            name + "[" + i + "]",
            items.get(i),
            i < inputs.size() ? inputs.get(i) : null,
            depth + 1);
      }
    } else {
      settings.put(name, new Setting(name, shown(value), origin(input)));
    }
  }

  private static String shown(@Nullable Object value) {
    return value == null || value.toString().equals("{}") || value.toString().equals("[]")
        ? ""
        : value.toString();
  }

  private static String origin(@Nullable Object input) {
    return input instanceof Map<?, ?> known && known.get("origin") != null
        ? String.valueOf(known.get("origin"))
        : "";
  }

  private static String kebab(String field) {
    return field.replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static void addFrameworks(
      Map<String, Setting> settings, EnumerablePropertySource<?> source) {
    for (String name : source.getPropertyNames()) {
      boolean wanted =
          FRAMEWORKS.matcher(name).matches()
              || (source.getName().equals("systemEnvironment")
                  && VARIABLES.matcher(name).matches());
      if (wanted && !settings.containsKey(name)) {
        Object value = source.getProperty(name);
        settings.put(
            name,
            new Setting(
                name,
                SecretMask.of(name, value == null ? "" : value.toString(), source),
                origin(source, name)));
      }
    }
  }

  private static String origin(EnumerablePropertySource<?> source, String name) {
    Object origin = OriginLookup.getOrigin(source, name);
    return origin == null ? source.getName() : origin.toString();
  }
}
