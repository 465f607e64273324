package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.galerne.api.ClientPackages;
import io.galerne.identity.Caller;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.PolicyReader;
import io.galerne.moderation.policy.Rule;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What the examples do to everyday talk: small talk, trivia, health, money and questions to a help
 * desk in four languages, the public ChatterBot corpus (BSD), as its package has them.
 */
class OverBlockingIntegrationTests extends ModerationIntegrationTest {
  private static final Logger log = LoggerFactory.getLogger(OverBlockingIntegrationTests.class);
  private static final List<String> LANGUAGES = List.of("english", "french", "german", "spanish");
  private static final double BLOCKED_MAX = 0.002;

  @Autowired CallerJudges judges;
  @Autowired Classifier classifier;

  private Caller nobody() {
    return new Caller(tenant, UUID.randomUUID(), UUID.randomUUID());
  }

  /** Without repetition, in the files' order. */
  private static List<String> sentences() throws IOException {
    String lack = ClientPackages.Platform.PYTHON.lack();
    assumeTrue(lack.isEmpty(), lack);
    Path home = new ClientPackages("chatterbot-corpus", ClientPackages.Platform.PYTHON).installed();
    Set<String> sentences = new LinkedHashSet<>();
    try (var folders = Files.walk(home)) {
      List<Path> files =
          folders
              .filter(file -> file.toString().endsWith(".yml"))
              .filter(file -> LANGUAGES.contains(file.getName(file.getNameCount() - 2).toString()))
              .sorted()
              .toList();
      for (Path file : files) {
        sentences.addAll(sentences(file));
      }
    }
    assertThat(sentences).hasSizeGreaterThan(3_000);
    return List.copyOf(sentences);
  }

  private static List<String> sentences(Path file) throws IOException {
    List<String> sentences = new ArrayList<>();
    try (Reader in = Files.newBufferedReader(file)) {
      Map<String, List<Object>> corpus =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      for (Object conversation : corpus.getOrDefault("conversations", List.of())) {
        List<?> turns = conversation instanceof List<?> list ? list : List.of(conversation);
        turns.forEach(sentence -> sentences.add(String.valueOf(sentence)));
      }
    }
    return sentences;
  }

  private List<GuardedRule> rules(String policy) throws IOException {
    String text = Files.readString(Path.of("config", "policies", policy + ".yaml"));
    return switch (PolicyText.read(text)) {
      case PolicyReader.Result.Read(var read) ->
          CompiledPolicy.of(read, policy).bound(judges.of(nobody()));
      case PolicyReader.Result.Refused(var problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  /** How many sentences each rule does something to, by rule and action. */
  private static Map<String, Integer> touched(List<GuardedRule> rules, List<String> sentences) {
    Map<String, Integer> touched = new TreeMap<>();
    for (String sentence : sentences) {
      Set<String> found = new LinkedHashSet<>();
      for (Finding finding : GuardedText.of(rules, StreamGuard.Form.TEXT, sentence).findings()) {
        if (found.add(finding.rule().id())) {
          String name = finding.rule().id() + " " + finding.action();
          touched.merge(name, 1, Integer::sum);
          log.info("{}: {}", name, sentence);
        }
      }
    }
    return touched;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bank", "school", "hospital"})
  void everydayTalkPassesTheExamples(String policy) throws IOException {
    List<String> sentences = sentences();
    List<GuardedRule> lexical =
        rules(policy).stream()
            .filter(rule -> !(rule.rule().detector() instanceof Detector.Similarity))
            .toList();

    Map<String, Integer> touched = touched(lexical, sentences);
    int blocked =
        touched.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(Rule.Action.BLOCK.name()))
            .mapToInt(Map.Entry::getValue)
            .sum();
    log.info("{}: of {} sentences {}", policy, sentences.size(), touched);

    assertThat(blocked / (double) sentences.size()).isLessThanOrEqualTo(BLOCKED_MAX);
  }

  /** The control: a list of words that everybody uses is seen to block too much. */
  @Test
  void aCarelessListIsSeen() throws IOException {
    GuardedRule careless =
        CompiledPolicy.of(
                ((PolicyReader.Result.Read)
                        PolicyText.read(policy(words("money", "both", "block"))))
                    .policy(),
                "careless")
            .bound(judges.of(nobody()))
            .getFirst();

    List<String> sentences = sentences();
    int blocked = touched(List.of(careless), sentences).values().stream().mapToInt(i -> i).sum();

    assertThat(blocked / (double) sentences.size()).isGreaterThan(BLOCKED_MAX);
  }

  /** The built-in categories compare by meaning, in English: a sample of every sixth sentence. */
  @Test
  @Tag("nightly")
  void whatTheCategoriesOfTheContractSayOfEverydayTalk() throws IOException {
    Map<String, Integer> violated = new TreeMap<>();
    List<String> sentences = sentences();
    int judged = 0;
    for (int i = 0; i < sentences.size(); i += 6) {
      judged++;
      classifier
          .classify(sentences.get(i), nobody(), "mistral-moderation-2603")
          .forEach((name, score) -> violated.merge(name, score.violated() ? 1 : 0, Integer::sum));
    }
    log.info("of {} sentences the categories claim {}", judged, violated);
    int all = judged;
    assertThat(violated.values()).allMatch(count -> count < 0.1 * all);
  }
}
