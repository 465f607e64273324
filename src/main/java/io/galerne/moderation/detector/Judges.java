package io.galerne.moderation.detector;

import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.DetectorUnavailable;
import io.galerne.moderation.scan.WindowScanner;

/**
 * The detectors that need more than the text: models and services. Each throws {@link
 * DetectorUnavailable} when it can't tell.
 */
public interface Judges {
  WindowScanner.Judge language(Detector.Language detector);

  WindowScanner.Judge similarity(Detector.Similarity detector);

  WindowScanner.Judge guardModel(Detector.GuardModel detector);

  WindowScanner.Judge remote(Detector.Remote detector, Rule rule);

  /** Whether a text that looks like a key of this platform is one. */
  boolean isOwnKey(String text);
}
