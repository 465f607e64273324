package io.galerne.moderation.detector;

import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.FoldedScanner;
import io.galerne.moderation.scan.PhraseScanner;
import io.galerne.moderation.scan.PhraseSet;
import io.galerne.moderation.scan.RegexProgram;
import io.galerne.moderation.scan.RegexScanner;
import io.galerne.moderation.scan.Scanner;
import io.galerne.moderation.scan.ScannerGroup;
import io.galerne.moderation.scan.WindowScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Compiles a rule once; each text then gets a scanner of its own. */
public final class RuleScanners {
  /** Longest passage that is judged as a whole, in chars. */
  private static final int PASSAGE_MAX = 600;

  private RuleScanners() {}

  public static Function<Judges, Scanner> compile(Rule rule) {
    return switch (rule.detector()) {
      case Detector.Phrases(List<String> phrases, boolean wholeWords) -> {
        PhraseSet set = PhraseSet.of(phrases, wholeWords);
        yield _ -> new PhraseScanner(set);
      }
      case Detector.Regex(List<String> patterns, boolean folded, int lengthMax) ->
          regex(patterns, folded, lengthMax);
      case Detector.Pii pii -> pii(pii);
      case Detector.Secrets() -> judges -> SecretFormats.scanner(judges::isOwnKey);
      case Detector.Injection() -> _ -> InjectionPatterns.scanner();
      case Detector.Language language -> judges -> windows(judges.language(language));
      case Detector.Similarity similarity -> judges -> windows(judges.similarity(similarity));
      case Detector.GuardModel model -> judges -> windows(judges.guardModel(model));
      case Detector.Remote remote -> judges -> windows(judges.remote(remote, rule));
    };
  }

  private static Scanner windows(WindowScanner.Judge judge) {
    return new WindowScanner(judge, PASSAGE_MAX);
  }

  /** Folded patterns see the text as it is written too: folding could hide what they are after. */
  private static Function<Judges, Scanner> regex(
      List<String> patterns, boolean folded, int lengthMax) {
    List<RegexProgram> exact =
        patterns.stream().map(pattern -> RegexProgram.compile(pattern, false)).toList();
    List<RegexProgram> plain =
        folded
            ? patterns.stream().map(pattern -> RegexProgram.compile(pattern, true)).toList()
            : List.of();
    return _ -> {
      List<Scanner> scanners = new ArrayList<>();
      exact.forEach(program -> scanners.add(new RegexScanner(program, lengthMax)));
      plain.forEach(
          program -> scanners.add(FoldedScanner.plain(new RegexScanner(program, lengthMax))));
      return new ScannerGroup(scanners);
    };
  }

  private static Function<Judges, Scanner> pii(Detector.Pii pii) {
    Set<Detector.Pii.Kind> kinds = pii.kinds();
    PhoneNumbers phones = new PhoneNumbers(pii.regions());
    return _ -> {
      List<Scanner> scanners = new ArrayList<>();
      for (Detector.Pii.Kind kind : kinds) {
        scanners.add(
            switch (kind) {
              case CARD -> CardNumbers.scanner();
              case IBAN -> Ibans.scanner();
              case EMAIL -> EmailAddresses.scanner();
              case PHONE -> phones.scanner();
            });
      }
      pii.nationalIds().forEach(country -> scanners.add(NationalIds.scanner(country)));
      return FoldedScanner.plain(new ScannerGroup(scanners));
    };
  }
}
