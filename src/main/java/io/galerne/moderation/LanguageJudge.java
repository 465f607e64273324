package io.galerne.moderation;

import io.galerne.moderation.scan.DetectorUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/**
 * Whether a passage is in none of the allowed languages: 0 where one of them is the likeliest,
 * towards 1 the less likely they are than another.
 */
final class LanguageJudge {
  private static final int LETTERS_MIN = 24;

  /** The model knows so many languages that it is sure of none: small differences say much. */
  private static final double SHARPNESS = 4;

  /** Where the model's code is not that of ISO 639-2. */
  private static final Map<String, String> OTHER_CODES =
      Map.of("zh", "cmn", "no", "nob", "et", "ekk", "lv", "lvs", "fa", "pes", "ar", "ara");

  /** Ten megabytes, read when the first policy asks. */
  private static final class Model {
    private static final LanguageDetectorModel LOADED = load();

    private static LanguageDetectorModel load() {
      try (InputStream in = LanguageJudge.class.getResourceAsStream("/langdetect-183.bin")) {
        if (in == null) {
          throw new IllegalStateException("the model of languages is not on the class path");
        }
        return new LanguageDetectorModel(in);
      } catch (IOException e) {
        throw new IllegalStateException("the model of languages can't be read", e);
      }
    }
  }

  private final Set<String> allowed = new HashSet<>();

  LanguageJudge(Set<String> languages) {
    for (String language : languages) {
      allowed.add(Locale.of(language).getISO3Language());
      allowed.add(OTHER_CODES.getOrDefault(language, language));
    }
  }

  /** Too few letters tell nothing. */
  OptionalDouble score(String passage) {
    if (passage.codePoints().filter(Character::isLetter).count() < LETTERS_MIN) {
      return OptionalDouble.empty();
    }
    Language[] languages;
    try {
      languages = new LanguageDetectorME(Model.LOADED).predictLanguages(passage);
    } catch (RuntimeException e) {
      throw new DetectorUnavailable("the language could not be detected");
    }
    double best = languages[0].getConfidence();
    double bestAllowed = 0;
    for (Language language : languages) {
      if (allowed.contains(language.getLang())) {
        bestAllowed = Math.max(bestAllowed, language.getConfidence());
      }
    }
    double odds = Math.pow(bestAllowed / best, SHARPNESS);
    return OptionalDouble.of((1 - odds) / (1 + odds));
  }
}
