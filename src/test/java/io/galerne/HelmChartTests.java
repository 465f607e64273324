package io.galerne;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart renders what a strict cluster accepts, and refuses values that could not work. */
class HelmChartTests {
  private static Helm helm;

  @BeforeAll
  static void findHelm() {
    helm =
        Helm.find()
            .orElseGet(
                () ->
                    abort("helm is neither on the PATH nor in target/tools; .ci/run installs it"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"minimal", "full"})
  void lintsStrictly(String values) {
    assertThat(helm.lint(file(values))).matches(result -> result.status() == 0);
  }

  @Test
  void minimalValuesMakeNoMoreThanNeeded() {
    assertThat(helm.render(file("minimal")))
        .extracting(object -> object.get("kind"))
        .containsExactlyInAnyOrder("ServiceAccount", "Service", "Deployment");
  }

  @Test
  void fullValuesAddWhatWasAskedForAndNoSecrets() {
    assertThat(helm.render(file("full")))
        .extracting(object -> object.get("kind"))
        .containsExactlyInAnyOrder(
            "ServiceAccount",
            "Service",
            "Deployment",
            "ConfigMap",
            "Ingress",
            "PodDisruptionBudget");
  }

  @ParameterizedTest
  @ValueSource(strings = {"minimal", "full"})
  void podsAreRestricted(String values) {
    requireRestricted(pod(helm.render(file(values))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "containerSecurityContext.readOnlyRootFilesystem=false",
        "containerSecurityContext.allowPrivilegeEscalation=true",
        "containerSecurityContext.capabilities.drop=null",
        "podSecurityContext.runAsNonRoot=false",
        "podSecurityContext.seccompProfile.type=Unconfined"
      })
  void restrictionsComeFromTheValues(String weaker) {
    Map<String, Object> pod = pod(helm.render(with("minimal", weaker)));

    assertThatThrownBy(() -> requireRestricted(pod)).isInstanceOf(AssertionError.class);
  }

  @Test
  void serviceFindsThePods() {
    List<Map<String, Object>> objects = helm.render(file("full"));
    Map<String, Object> selector = at(spec(objects, "Service"), "selector");
    Map<String, Object> labels =
        at(at(at(spec(objects, "Deployment"), "template"), "metadata"), "labels");

    assertThat(labels).containsAllEntriesOf(selector);
    assertThat(Helm.mapping(list(spec(objects, "Service"), "ports").getFirst()))
        .containsEntry("targetPort", "http");
    assertThat(list(container(pod(objects)), "ports"))
        .first()
        .extracting(port -> Helm.mapping(port).get("name"))
        .isEqualTo("http");
  }

  @Test
  void credentialsComeFromSecretsOnly() {
    List<Object> secrets = new ArrayList<>();
    for (Object variable : list(container(pod(helm.render(file("full")))), "env")) {
      Map<String, Object> entry = Helm.mapping(variable);
      if (entry.get("valueFrom") != null) {
        secrets.add(
            at(at(entry, "valueFrom"), "secretKeyRef").get("name") + " " + entry.get("name"));
      }
    }
    assertThat(secrets)
        .containsExactly(
            "galerne-database SPRING_DATASOURCE_USERNAME",
            "galerne-database SPRING_DATASOURCE_PASSWORD",
            "galerne-database-owner SPRING_FLYWAY_USER",
            "galerne-database-owner SPRING_FLYWAY_PASSWORD",
            "galerne-key-pepper GALERNE_IDENTITY_PEPPER");
  }

  @Test
  void changedConfigurationRollsThePods() {
    assertThat(checksum(helm.render(with("full", "config.galerne.serving.heartbeat=5s"))))
        .isNotEqualTo(checksum(helm.render(file("full"))));
    assertThat(checksum(helm.render(with("full", "replicaCount=4"))))
        .isEqualTo(checksum(helm.render(file("full"))));
  }

  @ParameterizedTest
  @CsvSource({
    "image.repository=, /image/repository",
    "image.tag=latest, /image/tag",
    "image.digest=sha256:beef, /image/digest",
    "database.url=postgres://db/galerne, /database/url",
    "database.existingSecret=, /database/existingSecret",
    "database.password=hunter2, password",
    "keyPepper.existingSecret=, /keyPepper/existingSecret",
    "replicaCount=two, /replicaCount",
    "service.port=70000, /service/port",
    "service.type=Hostport, /service/type",
    "ingress.enabled=true, /ingress/host",
    "probes.startup.failureThreshold=0, /probes/startup/failureThreshold",
    "replicas=3, replicas"
  })
  void badValuesAreRefusedByName(String value, String named) {
    Helm.Result result = helm.template(with("minimal", value));

    assertThat(result.status()).isNotZero();
    assertThat(result.output()).contains(named);
  }

  @Test
  void defaultsAloneNameWhatIsMissing() {
    Helm.Result result = helm.template(List.of());

    assertThat(result.status()).isNotZero();
    assertThat(result.output())
        .contains(
            "/image/repository",
            "/database/url",
            "/database/existingSecret",
            "/keyPepper/existingSecret");
  }

  /** The rules of the Pod Security Standard "restricted" that a chart decides. */
  private static void requireRestricted(Map<String, Object> pod) {
    assertThat(pod).containsEntry("automountServiceAccountToken", false);
    assertThat(at(pod, "securityContext")).containsEntry("runAsNonRoot", true);
    assertThat(at(at(pod, "securityContext"), "seccompProfile"))
        .containsEntry("type", "RuntimeDefault");
    assertThat(at(container(pod), "securityContext"))
        .containsEntry("allowPrivilegeEscalation", false)
        .containsEntry("readOnlyRootFilesystem", true)
        .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
  }

  private static List<String> file(String values) {
    return List.of("--values", Helm.CHART + "/ci/" + values + "-values.yaml");
  }

  private static List<String> with(String values, String set) {
    List<String> arguments = new ArrayList<>(file(values));
    arguments.addAll(List.of("--set", set));
    return arguments;
  }

  private static Object checksum(List<Map<String, Object>> objects) {
    Map<String, Object> template = at(spec(objects, "Deployment"), "template");
    return field(at(at(template, "metadata"), "annotations"), "checksum/config");
  }

  private static Map<String, Object> pod(List<Map<String, Object>> objects) {
    return at(at(spec(objects, "Deployment"), "template"), "spec");
  }

  private static Map<String, Object> container(Map<String, Object> pod) {
    assertThat(list(pod, "containers")).hasSize(1);
    return Helm.mapping(list(pod, "containers").getFirst());
  }

  private static Map<String, Object> spec(List<Map<String, Object>> objects, String kind) {
    return at(
        objects.stream()
            .filter(object -> kind.equals(object.get("kind")))
            .findFirst()
            .orElseThrow(),
        "spec");
  }

  private static Map<String, Object> at(Map<String, Object> object, String field) {
    return Helm.mapping(field(object, field));
  }

  private static List<?> list(Map<String, Object> object, String field) {
    return (List<?>) field(object, field);
  }

  private static Object field(Map<String, Object> object, String field) {
    return requireNonNull(object.get(field), field);
  }
}
