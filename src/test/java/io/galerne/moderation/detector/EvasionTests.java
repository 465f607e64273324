package io.galerne.moderation.detector;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.Rules;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.Rule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Phrases are found however they are written. */
class EvasionTests {
  private static final Logger log = LoggerFactory.getLogger(EvasionTests.class);
  private static final int PHRASES = 200;

  /** The share of phrases that are found, by evasion, in hundredths of a percent. */
  private static Map<String, Double> recall(BiPredicate<List<String>, String> finds) {
    Random random = new Random(1);
    List<String> phrases = new ArrayList<>();
    while (phrases.size() < PHRASES) {
      phrases.add(Evasions.phrase(random));
    }
    Map<String, Double> recall = new TreeMap<>();
    Evasions.ALL.forEach(
        (name, evasion) -> {
          long found =
              phrases.stream()
                  .filter(
                      phrase ->
                          finds.test(phrases, "They said: " + evasion.apply(phrase) + ", twice."))
                  .count();
          recall.put(name, 100.0 * found / PHRASES);
        });
    return recall;
  }

  private static boolean guarded(GuardedRule rule, String text) {
    return GuardedText.of(List.of(rule), StreamGuard.Form.TEXT, text).block() != null;
  }

  @Test
  void recallDropsByNoMoreThanTwoPoints() {
    List<GuardedRule> rule = new ArrayList<>();
    Map<String, Double> recall =
        recall(
            (phrases, text) -> {
              if (rule.isEmpty()) {
                rule.add(Rules.phrases(Action.BLOCK, phrases.toArray(new String[0])));
              }
              return guarded(rule.getFirst(), text);
            });
    log.info("recall under evasion: {}", recall);

    assertThat(recall)
        .hasSize(20)
        .allSatisfy((_, found) -> assertThat(found).isGreaterThanOrEqualTo(98));
  }

  /** The negative control: without folding, most evasions work. */
  @Test
  void aPlainSearchIsEvaded() {
    Map<String, Double> recall =
        recall(
            (phrases, text) -> phrases.stream().anyMatch(text.toLowerCase(Locale.ROOT)::contains));

    assertThat(recall.values().stream().filter(found -> found < 98)).hasSizeGreaterThan(15);
  }

  @Test
  void foldedPatternsResistWhatKeepsTheLetters() {
    GuardedRule rule =
        Rules.of("r", Action.BLOCK, new Detector.Regex(List.of("project[ -]falcon\\d*"), true, 64));
    GuardedRule exact =
        Rules.of(
            "r", Action.BLOCK, new Detector.Regex(List.of("project[ -]falcon\\d*"), false, 64));
    for (String name :
        List.of("upper case", "accents", "full width", "cyrillic", "zero width space", "circled")) {
      String text =
          java.util.Objects.requireNonNull(Evasions.ALL.get(name)).apply("project falcon");
      assertThat(guarded(rule, text)).as(name).isTrue();
      assertThat(guarded(exact, text)).as(name).isFalse();
    }
  }

  @Test
  void ordinaryTextIsLeftAlone() {
    GuardedRule rule =
        Rules.phrases(
            Action.BLOCK, "kill", "ass", "bomb", "grape", "slit", "fall", "god", "therapist");
    for (String text :
        List.of(
            "The skill of killing time, killer app",
            "as some assess: a class, an assassin's pass",
            "bombastic, a bombshell",
            "silt and fail, the good, a good day is gooey",
            "I was sad. As so often; as s.o.",
            "a therapists' meeting")) {
      assertThat(guarded(rule, text)).as(text).isFalse();
    }
    assertThat(guarded(rule, "a k.i.l.l. b")).isTrue();
  }
}
