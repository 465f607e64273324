package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.DetectorUnavailable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A classifier over HTTP: what it says counts, and what is not said is no verdict. */
class RemoteJudgeTests {
  private final RemoteClassifier service;

  RemoteJudgeTests() throws Exception {
    service = new RemoteClassifier();
  }

  @AfterEach
  void close() {
    service.close();
  }

  private static RemoteJudge judge(List<String> hosts, boolean http) {
    return new RemoteJudge(properties(hosts, http));
  }

  private static ModerationProperties properties(List<String> hosts, boolean http) {
    Duration second = Duration.ofSeconds(1);
    return new ModerationProperties(
        null, Map.of(), hosts, http, second, second, second, 1, second, Duration.ofHours(1));
  }

  private Detector.Remote detector(List<String> categories) {
    return detector(service.url(), categories);
  }

  private static Detector.Remote detector(String url, List<String> categories) {
    return new Detector.Remote(URI.create(url), "m", categories, Duration.ofMillis(800));
  }

  private static Rule rule(Detector.Remote detector) {
    return new Rule(
        "r",
        "violence",
        0.5,
        Rule.AppliesTo.BOTH,
        Set.of("user"),
        Rule.Action.BLOCK,
        "",
        false,
        detector);
  }

  private double score(RemoteJudge judge, Detector.Remote detector, String text) {
    return judge.score(detector, rule(detector), text).orElseThrow();
  }

  @Test
  void itsScoreCounts() {
    RemoteJudge judge = judge(List.of("127.0.0.1"), true);

    assertThat(score(judge, detector(List.of()), "what a brawl")).isEqualTo(0.93);
    assertThat(score(judge, detector(List.of("violence")), "what a day")).isEqualTo(0.01);
  }

  @ParameterizedTest
  @EnumSource(
      value = RemoteClassifier.Mood.class,
      names = {"SLOW", "BROKEN", "NONSENSE", "ELSEWHERE"})
  void withoutAnAnswerThereIsNoVerdict(RemoteClassifier.Mood mood) {
    service.is(mood);

    assertNoVerdict(judge(List.of("127.0.0.1"), true), detector(List.of()));
    assertThat(service.asked()).as("a redirect is not followed").isEqualTo(1);
  }

  @Test
  void aCategoryThatIsNotAnsweredIsNoVerdict() {
    assertNoVerdict(judge(List.of("127.0.0.1"), true), detector(List.of("hate")));
  }

  @Test
  void aServiceThatIsGoneIsNoVerdict() {
    Detector.Remote gone = detector(List.of());
    service.close();

    assertNoVerdict(judge(List.of("127.0.0.1"), true), gone);
  }

  @Test
  void onlyWhatTheOperatorAllowsIsCalled() {
    assertNoVerdict(judge(List.of(), true), detector(List.of()));
    assertNoVerdict(judge(List.of("127.0.0.1"), false), detector(List.of()));
    assertNoVerdict(
        judge(List.of("127.0.0.1"), true),
        detector(service.url().replace("127.0.0.1", "localhost"), List.of()));
    assertThat(service.asked()).isZero();
  }

  private void assertNoVerdict(RemoteJudge judge, Detector.Remote detector) {
    assertThatThrownBy(() -> score(judge, detector, "what a brawl"))
        .isInstanceOf(DetectorUnavailable.class);
  }
}
