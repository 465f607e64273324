package io.galerne.moderation.policy;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the fields of a rule that say how it finds what it is about. */
final class DetectorReader {
  private static final int PHRASES_MAX = 10_000;
  private static final int PHRASE_LENGTH_MAX = 200;
  private static final int PATTERNS_MAX = 100;
  private static final int PATTERN_LENGTH_MAX = 4096;
  private static final int EXAMPLES_MAX = 50;
  private static final int MATCH_MAX = 2048;
  private static final int MATCH_DEFAULT = 256;
  private static final int PROMPT_MAX = 8000;
  private static final int TIMEOUT_MAX_MS = 30_000;
  private static final int REMOTE_TIMEOUT_MS = 1000;
  private static final int MODEL_TIMEOUT_MS = 5000;

  private static final String DEFAULT_PROMPT =
      "You check texts. Answer unsafe if the text asks for, or contains, violence, hate, sexual"
          + " content, self-harm or help with a crime. Otherwise answer safe.";

  private DetectorReader() {}

  private enum Type {
    PHRASES,
    REGEX,
    PII,
    SECRETS,
    INJECTION,
    LANGUAGE,
    SIMILARITY,
    GUARD_MODEL,
    REMOTE
  }

  static Detector read(Fields fields) {
    if (fields.value("type") == null) {
      fields.wrong("type", "is required");
    }
    Detector detector =
        switch (fields.choice("type", Type.class, Type.SECRETS)) {
          case PHRASES ->
              new Detector.Phrases(
                  fields.texts("phrases", 1, PHRASES_MAX, PHRASE_LENGTH_MAX),
                  fields.flag("whole_words", true));
          case REGEX ->
              new Detector.Regex(
                  fields.texts("patterns", 1, PATTERNS_MAX, PATTERN_LENGTH_MAX),
                  fields.flag("fold", true),
                  fields.integer("match_max", MATCH_DEFAULT, 1, MATCH_MAX));
          case PII -> pii(fields);
          case SECRETS -> new Detector.Secrets();
          case INJECTION -> new Detector.Injection();
          case LANGUAGE -> new Detector.Language(languages(fields));
          case SIMILARITY ->
              new Detector.Similarity(fields.texts("examples", 1, EXAMPLES_MAX, 1000));
          case GUARD_MODEL ->
              new Detector.GuardModel(
                  fields.requiredText("model", 200),
                  fields.text("prompt", DEFAULT_PROMPT, PROMPT_MAX),
                  timeout(fields, MODEL_TIMEOUT_MS));
          case REMOTE ->
              new Detector.Remote(
                  url(fields),
                  fields.text("model", "mistral-moderation-latest", 200),
                  fields.texts("remote_categories", 0, 50, 100),
                  timeout(fields, REMOTE_TIMEOUT_MS));
        };
    PolicyReader.check(detector, fields);
    return detector;
  }

  private static Duration timeout(Fields fields, int otherwise) {
    return Duration.ofMillis(fields.integer("timeout_ms", otherwise, 1, TIMEOUT_MAX_MS));
  }

  private static Detector pii(Fields fields) {
    Set<Detector.Pii.Kind> kinds = fields.choices("kinds", Detector.Pii.Kind.class);
    List<String> regions = fields.texts("regions", 0, 20, 2);
    for (String region : regions) {
      if (!region.matches("[A-Z]{2}")) {
        fields.wrong("regions", "must be codes of two capital letters, like FR");
      }
    }
    return new Detector.Pii(
        kinds.isEmpty() ? EnumSet.allOf(Detector.Pii.Kind.class) : kinds,
        regions.isEmpty() ? List.of("FR", "DE", "ES", "IT", "GB", "US") : regions,
        fields.choices("national_ids", Detector.Pii.NationalId.class));
  }

  private static Set<String> languages(Fields fields) {
    Set<String> languages = new HashSet<>();
    for (String language : fields.texts("allowed", 1, 100, 2)) {
      if (!language.matches("[a-z]{2}") || !List.of(Locale.getISOLanguages()).contains(language)) {
        fields.wrong("allowed", "must be codes of languages with two small letters, like fr");
      }
      languages.add(language);
    }
    return languages;
  }

  private static URI url(Fields fields) {
    String text = fields.requiredText("url", 2000);
    try {
      URI url = URI.create(text);
      if (url.getHost() != null
          && url.getUserInfo() == null
          && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // said below, in the same words
    }
    fields.wrong("url", "must be an https URL with a host and without a password");
    return URI.create("https://invalid.invalid");
  }
}
