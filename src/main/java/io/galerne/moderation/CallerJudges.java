package io.galerne.moderation;

import io.galerne.identity.ApiKeyText;
import io.galerne.identity.Caller;
import io.galerne.moderation.detector.Judges;
import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.WindowScanner;
import org.springframework.stereotype.Component;

/** The models and services behind detectors, asked in a caller's name. */
@Component
class CallerJudges {
  private final SimilarityJudge similarity;
  private final GuardModelJudge guardModel;
  private final RemoteJudge remote;

  CallerJudges(SimilarityJudge similarity, GuardModelJudge guardModel, RemoteJudge remote) {
    this.similarity = similarity;
    this.guardModel = guardModel;
    this.remote = remote;
  }

  Judges of(Caller caller) {
    return new Judges() {
      @Override
      public WindowScanner.Judge language(Detector.Language detector) {
        LanguageJudge judge = new LanguageJudge(detector.allowed());
        return (passage, _) -> judge.score(passage);
      }

      @Override
      public WindowScanner.Judge similarity(Detector.Similarity detector) {
        return (passage, _) -> similarity.score(passage, detector.examples());
      }

      @Override
      public WindowScanner.Judge guardModel(Detector.GuardModel detector) {
        return (passage, _) -> guardModel.score(detector, caller, passage);
      }

      @Override
      public WindowScanner.Judge remote(Detector.Remote detector, Rule rule) {
        return (passage, _) -> remote.score(detector, rule, passage);
      }

      @Override
      public boolean isOwnKey(String text) {
        return ApiKeyText.isApiKey(text);
      }
    };
  }
}
