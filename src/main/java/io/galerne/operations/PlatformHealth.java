package io.galerne.operations;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** What this instance says of itself: the same answers that probes get, with their details. */
@Component
class PlatformHealth {
  private static final int DETAIL_CHARS_MAX = 200;

  private final ObjectProvider<HealthEndpoint> endpoint;
  private final ObjectProvider<HealthEndpointGroups> groups;
  private final ObjectProvider<BuildProperties> build;

  PlatformHealth(
      ObjectProvider<HealthEndpoint> endpoint,
      ObjectProvider<HealthEndpointGroups> groups,
      ObjectProvider<BuildProperties> build) {
    this.endpoint = endpoint;
    this.groups = groups;
    this.build = build;
  }

  /** A component, or a group of them, and how it is. */
  record Part(String name, String status, Map<String, String> details) {
    public boolean isUp() {
      return status.equals("UP");
    }
  }

  /**
   * This process.
   *
   * @param version of Galerne; "development" where the build did not say
   */
  record Running(
      String version,
      String java,
      Instant startedAt,
      Duration uptime,
      long heapUsedBytes,
      long heapMaxBytes) {}

  /** The groups that probes ask for, such as readiness. */
  List<Part> groups() {
    List<Part> found = new ArrayList<>();
    HealthEndpoint health = endpoint.getIfAvailable();
    HealthEndpointGroups named = groups.getIfAvailable();
    if (health != null && named != null) {
      for (String name : named.getNames().stream().sorted().toList()) {
        HealthDescriptor group = health.healthForPath(name);
        if (group != null) {
          found.add(new Part(name, group.getStatus().getCode(), Map.of()));
        }
      }
    }
    return found;
  }

  List<Part> components() {
    List<Part> found = new ArrayList<>();
    HealthEndpoint health = endpoint.getIfAvailable();
    if (health != null) {
      collect("", health.health(), found);
    }
    return found;
  }

  private static void collect(String name, HealthDescriptor health, List<Part> found) {
    Map<String, HealthDescriptor> parts =
        health instanceof CompositeHealthDescriptor several ? several.getComponents() : null;
    if (parts != null) {
      parts.forEach(
          (inner, descriptor) ->
              collect(name.isEmpty() ? inner : name + "/" + inner, descriptor, found));
      return;
    }
    Map<String, String> details = new TreeMap<>();
    if (health instanceof IndicatedHealthDescriptor indicated) {
      indicated
          .getDetails()
          .forEach(
              (key, value) ->
                  details.put(
                      key,
                      Typed.text(
                          SecretMask.of(key, String.valueOf(value), null), DETAIL_CHARS_MAX)));
    }
    found.add(new Part(name, health.getStatus().getCode(), details));
  }

  Running process() {
    var runtime = ManagementFactory.getRuntimeMXBean();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    BuildProperties built = build.getIfAvailable();
    return new Running(
        built == null || built.getVersion() == null ? "development" : built.getVersion(),
        runtime.getVmName() + " " + Runtime.version(),
        Instant.ofEpochMilli(runtime.getStartTime()),
        Duration.ofMillis(runtime.getUptime()),
        heap.getUsed(),
        heap.getMax());
  }
}
