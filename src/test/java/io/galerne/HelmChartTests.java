package io.galerne;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    helm = Helm.orSkip();
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
        .containsExactlyInAnyOrder(
            "ServiceAccount",
            "Service",
            "Deployment",
            "NetworkPolicy",
            // before the rest, for the migrations
            "ServiceAccount",
            "NetworkPolicy",
            "Job");
  }

  @Test
  void fullValuesAddWhatWasAskedForAndNoSecrets() {
    assertThat(helm.render(file("full")))
        .extracting(object -> object.get("kind"))
        .contains(
            "ConfigMap",
            "HorizontalPodAutoscaler",
            "HTTPRoute",
            "Ingress",
            "PodDisruptionBudget",
            "PrometheusRule",
            "Route",
            "ServiceMonitor")
        .doesNotContain("Secret", "Role", "ClusterRole");
  }

  @ParameterizedTest
  @ValueSource(strings = {"minimal", "full"})
  void podsAreRestricted(String values) {
    List<Map<String, Object>> pods = pods(helm.render(file(values)));
    assertThat(pods).hasSizeGreaterThan(1);
    pods.forEach(HelmChartTests::requireRestricted);
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
    assertThat(pods(helm.render(with("full", weaker))))
        .allSatisfy(
            pod ->
                assertThatThrownBy(() -> requireRestricted(pod))
                    .isInstanceOf(AssertionError.class));
  }

  @Test
  void serviceFindsThePods() {
    List<Map<String, Object>> objects = helm.render(file("minimal"));
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
            "galerne-key-pepper GALERNE_IDENTITY_PEPPER",
            "galerne-operator-key GALERNE_IDENTITY_OPERATORKEY",
            "galerne-sealing-keys GALERNE_SECRETS_KEYS",
            "galerne-audit-keys GALERNE_AUDIT_PRIVATEKEY",
            "galerne-audit-keys GALERNE_AUDIT_PUBLICKEY",
            "galerne-offers GALERNE_OFFER_ACME");
  }

  @Test
  void changedConfigurationRollsThePods() {
    assertThat(checksum(helm.render(with("full", "config.galerne.serving.heartbeat=5s"))))
        .isNotEqualTo(checksum(helm.render(file("full"))));
    assertThat(checksum(helm.render(with("full", "drainSeconds=7"))))
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
    "replicas=3, replicas",
    "deployments[0].name=server, /deployments/0/name",
    "weights.add[0].id=m, /weights/add/0",
    "httpRoute.enabled=true, /httpRoute/parentRefs"
  })
  void badValuesAreRefusedByName(String value, String named) {
    Tool.Result result = helm.template(with("minimal", value));

    assertThat(result.status()).isNotZero();
    assertThat(result.output()).contains(named);
  }

  @Test
  void defaultsAloneNameWhatIsMissing() {
    Tool.Result result = helm.template(List.of());

    assertThat(result.status()).isNotZero();
    assertThat(result.output())
        .contains(
            "/image/repository",
            "/database/url",
            "/database/existingSecret",
            "/keyPepper/existingSecret",
            "/sealingKeys/existingSecret",
            "/auditKeys/existingSecret",
            "/operatorKey/existingSecret");
  }

  /** The rules of the Pod Security Standard "restricted" that a chart decides. */
  private static void requireRestricted(Map<String, Object> pod) {
    assertThat(pod).containsEntry("automountServiceAccountToken", false);
    assertThat(at(pod, "securityContext")).containsEntry("runAsNonRoot", true);
    assertThat(at(at(pod, "securityContext"), "seccompProfile"))
        .containsEntry("type", "RuntimeDefault");
    List<Object> containers = new ArrayList<>(list(pod, "containers"));
    containers.addAll((List<?>) pod.getOrDefault("initContainers", List.of()));
    for (Object container : containers) {
      assertThat(at(Helm.mapping(container), "securityContext"))
          .containsEntry("allowPrivilegeEscalation", false)
          .containsEntry("readOnlyRootFilesystem", true)
          .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
    }
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

  /** Of every object that makes some. */
  private static List<Map<String, Object>> pods(List<Map<String, Object>> objects) {
    return objects.stream()
        .filter(object -> List.of("Deployment", "Job").contains(object.get("kind")))
        .map(object -> at(at(at(object, "spec"), "template"), "spec"))
        .toList();
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
