package io.galerne.console;

/** What a new policy begins with. */
final class PolicyStarter {
  static final String TEXT =
      """
      name: House rules
      description: Personal data is covered up, overriding instructions is refused.
      rules:
        - id: personal-data
          type: pii
          kinds: [email, phone, card, iban]
          category: pii
          applies_to: both
          action: redact

        - id: words
          type: phrases
          phrases: [project nightjar]
          category: internal
          applies_to: output
          action: replace
          replacement: "[an internal project]"

        - id: override
          type: injection
          category: jailbreaking
          applies_to: input
          action: block
      """;

  private PolicyStarter() {}
}
