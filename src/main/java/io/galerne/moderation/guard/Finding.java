package io.galerne.moderation.guard;

import io.galerne.moderation.policy.Rule;

/**
 * What a rule found in a text.
 *
 * @param origin which version of which policy the rule is of
 * @param start in the text as it was before anything was done about it, in chars
 * @param failure why the detector couldn't tell, or empty
 */
public record Finding(
    Rule rule,
    String origin,
    int start,
    int end,
    double score,
    Rule.Action action,
    String failure) {
  boolean overlaps(Finding other) {
    return start < other.end && other.start < end;
  }

  Finding and(Finding other) {
    return new Finding(
        rule,
        origin,
        Math.min(start, other.start),
        Math.max(end, other.end),
        Math.max(score, other.score),
        action.compareTo(other.action) >= 0 ? action : other.action,
        failure);
  }
}
