package io.galerne.moderation.policy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** How a rule finds what it is about. */
public sealed interface Detector {
  /**
   * Words and phrases, however they are dressed up.
   *
   * @param wholeWords whether they have to begin and end where words do
   */
  record Phrases(List<String> phrases, boolean wholeWords) implements Detector {
    public Phrases {
      phrases = List.copyOf(phrases);
    }
  }

  /**
   * Regular expressions in RE2's syntax.
   *
   * @param folded whether they see the text without case, accents and odd letters
   * @param lengthMax longest match, in characters
   */
  record Regex(List<String> patterns, boolean folded, int lengthMax) implements Detector {
    public Regex {
      patterns = List.copyOf(patterns);
    }
  }

  /**
   * Personal data.
   *
   * @param kinds what is looked for
   * @param regions whose telephone numbers are known without the country's code
   * @param nationalIds countries whose identity numbers are looked for
   */
  record Pii(Set<Kind> kinds, List<String> regions, Set<NationalId> nationalIds)
      implements Detector {
    public Pii {
      kinds = Set.copyOf(kinds);
      regions = List.copyOf(regions);
      nationalIds = Set.copyOf(nationalIds);
    }

    /** Kinds of personal data. */
    public enum Kind {
      CARD,
      IBAN,
      EMAIL,
      PHONE
    }

    /** Identity numbers by their country. */
    public enum NationalId {
      BE,
      ES,
      FR,
      GB,
      IT,
      US
    }
  }

  /** Keys and other secrets, ours and those of common services. */
  record Secrets() implements Detector {}

  /** Attempts to talk the model out of its instructions. */
  record Injection() implements Detector {}

  /**
   * Texts in any language but these.
   *
   * @param allowed by their codes of two letters
   */
  record Language(Set<String> allowed) implements Detector {
    public Language {
      allowed = Set.copyOf(allowed);
    }
  }

  /**
   * Passages that mean much the same as one of the examples.
   *
   * @param examples sentences of the topic
   */
  record Similarity(List<String> examples) implements Detector {
    public Similarity {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Asks a model of the platform.
   *
   * @param model as in requests
   * @param prompt says what is unsafe; the passage follows it
   */
  record GuardModel(String model, String prompt, Duration timeout) implements Detector {}

  /**
   * Asks a service that speaks the moderations contract.
   *
   * @param url of the service, whose host the operator allows
   * @param categories of the service that count; empty for the rule's own
   */
  record Remote(URI url, String model, List<String> categories, Duration timeout)
      implements Detector {
    public Remote {
      categories = List.copyOf(categories);
    }
  }
}
