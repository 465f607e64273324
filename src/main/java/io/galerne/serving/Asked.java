package io.galerne.serving;

import io.galerne.catalog.ModelCard;
import io.galerne.identity.Caller;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * By whom and how a request is asked.
 *
 * @param floors of moderation that hold for it, whoever answers in the end
 */
record Asked(
    Caller caller,
    UUID requestId,
    List<GuardrailRequest> guardrails,
    Moderator judge,
    Set<String> floors) {

  /** The same, asked of a model: what holds for that holds on where others take its place. */
  Asked of(ModelCard card) {
    String floor = card.floor();
    if (floor == null) {
      return this;
    }
    Set<String> all = new HashSet<>(floors);
    all.add(floor);
    return new Asked(caller, requestId, guardrails, judge, all);
  }

  /** How policies see it. */
  Moderator.Subject subject(ModelCard card) {
    return new Moderator.Subject(caller, card.id(), card.weightsId(), requestId, floors);
  }
}
