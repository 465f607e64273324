package io.galerne.serving;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.limits.Decision;
import io.galerne.limits.RateState;
import java.util.List;

/** What became of a request for embeddings. */
public sealed interface EmbeddingOutcome {
  /**
   * The vectors, in the order of the texts; their line is in the ledger.
   *
   * @param vectors each (dimensions), of length 1
   */
  record Embedded(EmbeddingCard card, List<float[]> vectors, int promptTokens, RateState rates)
      implements EmbeddingOutcome {
    public Embedded {
      vectors = List.copyOf(vectors);
    }
  }

  /** The request ran and failed. Its line is in the ledger, unless that was what failed. */
  record Failed(Ending.Failure failure) implements EmbeddingOutcome {}

  /** It didn't run, and leaves no line in the ledger. */
  sealed interface Refused extends EmbeddingOutcome {}

  record UnknownModel(String model) implements Refused {}

  /** The caller's key is not for this model. */
  record ModelNotAllowed(String model) implements Refused {}

  /** The model generates text. */
  record NotAnEmbeddingModel(String model) implements Refused {}

  /**
   * The model's vectors have one length.
   *
   * @param field the field that asks for another
   */
  record OtherDimensions(String field, long asked, int dimensions) implements Refused {}

  /**
   * A text is longer than the model takes.
   *
   * @param index of the text, from 0
   */
  record TextTooLong(int index, int tokens, int tokensMax) implements Refused {}

  /** The texts together are too long. */
  record TooManyTokens(int tokens, int tokensMax) implements Refused {}

  /** A policy keeps one of the texts out; the request's line is in the ledger. */
  record InputBlocked(GuardrailReport report) implements Refused {}

  /** Nobody can say which policies hold. */
  record PoliciesUnknown() implements Refused {}

  record PoolFull(int requestsMax) implements Refused {}

  /** The model is not loaded: that failed, or took as long as a request may. */
  record ModelUnavailable() implements Refused {}

  /** A limit or a cap of the caller's, or no database to ask. */
  record Limited(Decision.Denied denied) implements Refused {}

  record ShuttingDown() implements Refused {}
}
