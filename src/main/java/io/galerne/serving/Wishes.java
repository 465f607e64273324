package io.galerne.serving;

import io.galerne.catalog.Capability;
import io.galerne.catalog.ModelCard;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a model can do what a request asks for beside an answer. */
final class Wishes {
  private Wishes() {}

  /** For a text that no answer in the prescribed format begins with. */
  static Admission.Refused noSuchBeginning(CompletionRequest request) {
    return new Admission.ParameterRefused(
        "messages[%d].prefix".formatted(request.messages().size() - 1),
        "no answer in the prescribed format begins with this text");
  }

  /** Null where it can. */
  static Admission.@Nullable Refused refuse(CompletionRequest request, ModelCard card) {
    if (request.gap() != null && !card.capabilities().contains(Capability.COMPLETION_FIM)) {
      return new Admission.FillingNotOffered(request.model());
    }
    int vocabulary = card.profile().vocabularySize();
    Optional<Integer> unknown =
        request.adjustments().bias().keySet().stream()
            .filter(token -> token < 0 || token >= vocabulary)
            .sorted()
            .findFirst();
    return unknown.isEmpty()
        ? null
        : new Admission.ParameterRefused(
            "logit_bias",
            "%d is not a token of the model's %d".formatted(unknown.get(), vocabulary));
  }
}
