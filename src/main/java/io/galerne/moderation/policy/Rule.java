package io.galerne.moderation.policy;

import java.util.Set;

/**
 * One rule of a policy.
 *
 * @param id of the rule within its policy
 * @param category what its findings are called
 * @param threshold the score from which on it acts, from 0 to 1
 * @param roles whose messages of a conversation are judged
 * @param replacement what stands in the place of what is redacted or replaced
 * @param failsOpen whether text passes when the detector can't tell
 */
public record Rule(
    String id,
    String category,
    double threshold,
    AppliesTo appliesTo,
    Set<String> roles,
    Action action,
    String replacement,
    boolean failsOpen,
    Detector detector) {
  public Rule {
    roles = Set.copyOf(roles);
  }

  /** What is judged. */
  public enum AppliesTo {
    INPUT,
    OUTPUT,
    BOTH;

    public boolean input() {
      return this != OUTPUT;
    }

    public boolean output() {
      return this != INPUT;
    }
  }

  /** What is done about a finding; the stricter comes later. */
  public enum Action {
    /** It is noted. */
    FLAG,
    /** The tenant's text takes its place. */
    REPLACE,
    /** A mark takes its place. */
    REDACT,
    /** The request, or the rest of the answer, is refused. */
    BLOCK
  }
}
