package io.galerne;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart's own suites, and what it renders against the schemas of Kubernetes. */
class HelmSuitesTests {
  /** Made by {@code helm/kubernetes-schemas}. */
  private static final Path SCHEMAS = Path.of("target", "kubernetes-schemas");

  private static final Pattern PASSED = Pattern.compile("Tests: +(\\d+) passed, \\1 total");

  /** Made of definitions that were named to it. */
  private static final Path DEFINITIONS = SCHEMAS.resolve("definitions");

  /** Of other projects, whose definitions a cluster may or may not have. */
  private static final String FOREIGN = "HTTPRoute,Route,ServiceMonitor,PrometheusRule";

  private static final String KINDS = "/{{ .ResourceKind }}{{ .KindSuffix }}.json";

  private static final String WITHOUT_IMAGE_VOLUMES = "1.30.0";

  private static Helm helm;

  @TempDir Path folder;

  @BeforeAll
  static void findHelm() {
    helm = Helm.orSkip();
  }

  @Test
  void suitesPass() {
    Tool.Result result = Tool.orSkip("helm-unittest").run(List.of(Helm.CHART.toString()));

    assertThat(result.status()).as(result.output()).isZero();
    Matcher passed = PASSED.matcher(result.output());
    assertThat(passed.find()).as(result.output()).isTrue();
    assertThat(Integer.parseInt(passed.group(1))).isGreaterThanOrEqualTo(25);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.30.0", "1.33.0", "1.35.0", "1.37.0"})
  void everyVersionKnowsWhatIsRendered(String version) throws IOException {
    for (String values : List.of("minimal", "full")) {
      List<String> arguments = new ArrayList<>(List.of("--kube-version", version));
      arguments.addAll(List.of("--values", Helm.CHART + "/ci/" + values + "-values.yaml"));
      if (version.equals(WITHOUT_IMAGE_VOLUMES) && values.equals("full")) {
        assertThat(helm.template(arguments).output()).contains("weights.image needs Kubernetes");
        arguments.addAll(List.of("--set", "deployments[0].weights.image="));
      }
      Tool.Result rendered = helm.template(arguments);
      assertThat(rendered.status()).as(rendered.output()).isZero();
      assertThat(conform(version, rendered.output())).matches(result -> result.status() == 0);
    }
  }

  @Test
  void aFieldThatDoesNotExistIsFound() throws IOException {
    String rendered =
        helm.template(List.of("--values", Helm.CHART + "/ci/minimal-values.yaml")).output();

    Tool.Result result = conform("1.37.0", rendered.replace("replicas:", "replikas:"));

    assertThat(result.status()).isNotZero();
    assertThat(result.output()).contains("replikas");
  }

  private Tool.Result conform(String version, String rendered) throws IOException {
    Tool kubeconform = Tool.orSkip("kubeconform");
    Path schemas = SCHEMAS.resolve(version).toAbsolutePath();
    assumeTrue(Files.isDirectory(schemas), "no schemas; helm/kubernetes-schemas makes them");
    Path manifest = Files.writeString(folder.resolve("rendered.yaml"), rendered);
    List<String> arguments = new ArrayList<>(List.of("-strict", "-summary"));
    arguments.addAll(List.of("-schema-location", schemas + KINDS));
    if (Files.isDirectory(DEFINITIONS)) {
      arguments.addAll(List.of("-schema-location", DEFINITIONS.toAbsolutePath() + KINDS));
    } else {
      arguments.addAll(List.of("-skip", FOREIGN));
    }
    arguments.add(manifest.toString());
    return kubeconform.run(arguments);
  }
}
