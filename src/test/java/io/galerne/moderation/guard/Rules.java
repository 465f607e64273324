package io.galerne.moderation.guard;

import io.galerne.moderation.detector.Judges;
import io.galerne.moderation.detector.RuleScanners;
import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.Scanner;
import io.galerne.moderation.scan.WindowScanner;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/** Rules for tests; the models behind them are words: a passage with the word scores 1. */
public final class Rules {
  private static final Judges JUDGES =
      new Judges() {
        @Override
        public WindowScanner.Judge language(Detector.Language detector) {
          return (passage, _) -> contains(passage, "zut");
        }

        @Override
        public WindowScanner.Judge similarity(Detector.Similarity detector) {
          return (passage, _) -> contains(passage, detector.examples().getFirst());
        }

        @Override
        public WindowScanner.Judge guardModel(Detector.GuardModel detector) {
          return (passage, _) -> contains(passage, "unsafe");
        }

        @Override
        public WindowScanner.Judge remote(Detector.Remote detector, Rule rule) {
          return (passage, _) -> contains(passage, "remote");
        }

        @Override
        public boolean isOwnKey(String text) {
          return text.startsWith("gal_live_");
        }
      };

  private Rules() {}

  private static OptionalDouble contains(String passage, String word) {
    return OptionalDouble.of(passage.contains(word) ? 1 : 0);
  }

  public static GuardedRule of(String id, Rule.Action action, Detector detector) {
    Rule rule =
        new Rule(
            id,
            id,
            0.5,
            Rule.AppliesTo.BOTH,
            Set.of("user"),
            action,
            "[" + id + "]",
            false,
            detector);
    Function<Judges, Scanner> compiled = RuleScanners.compile(rule);
    return new GuardedRule(rule, "test", () -> compiled.apply(JUDGES));
  }

  public static GuardedRule phrases(Rule.Action action, String... phrases) {
    return of("phrase", action, new Detector.Phrases(List.of(phrases), true));
  }

  public static GuardedRule pii(Rule.Action action) {
    return of(
        "pii",
        action,
        new Detector.Pii(
            Set.of(Detector.Pii.Kind.values()),
            List.of("FR", "DE", "GB", "US"),
            Set.of(Detector.Pii.NationalId.values())));
  }
}
