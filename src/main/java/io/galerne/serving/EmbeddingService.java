package io.galerne.serving;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.embedding.EmbeddingException;
import io.galerne.embedding.EmbeddingJob;
import io.galerne.embedding.EmbeddingModel;
import io.galerne.embedding.EmbeddingPool;
import io.galerne.identity.Caller;
import io.galerne.limits.AdmissionControl;
import io.galerne.limits.Decision;
import io.galerne.limits.RateState;
import io.galerne.limits.Reservation;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.UsageLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * The one way through for embeddings: resolve the model, count the tokens, compute text by text,
 * and settle before anybody is told what was used.
 */
@Service
public class EmbeddingService {
  private static final Logger log = LoggerFactory.getLogger(EmbeddingService.class);

  private final ModelCatalog catalog;
  private final EmbeddingPool pool;
  private final UsageLedger ledger;
  private final AdmissionControl admission;
  private final EmbeddingMetrics metrics;
  private final EmbeddingProperties limits;
  private final ServingProperties bounds;
  private final Moderator moderator;
  private final Tracer tracer;

  /** Without policies. */
  public EmbeddingService(
      ModelCatalog catalog,
      EmbeddingPool pool,
      UsageLedger ledger,
      AdmissionControl admission,
      MeterRegistry meters,
      EmbeddingProperties limits,
      ServingProperties bounds) {
    this(catalog, pool, ledger, admission, meters, limits, bounds, Moderator.NONE, Tracer.NOOP);
  }

  @Autowired
  public EmbeddingService(
      ModelCatalog catalog,
      EmbeddingPool pool,
      UsageLedger ledger,
      AdmissionControl admission,
      MeterRegistry meters,
      EmbeddingProperties limits,
      ServingProperties bounds,
      Moderator moderator,
      Tracer tracer) {
    this.moderator = moderator;
    this.tracer = tracer;
    this.catalog = catalog;
    this.pool = pool;
    this.ledger = ledger;
    this.admission = admission;
    this.metrics = new EmbeddingMetrics(meters, pool);
    this.limits = limits;
    this.bounds = bounds;
  }

  /**
   * Computes the vectors of all texts, or none.
   *
   * @param requestId becomes the identity of the request's line in the ledger
   */
  public EmbeddingOutcome embed(EmbeddingRequest request, Caller caller, UUID requestId) {
    return embed(request, caller, requestId, new Terms(ServiceClass.REALTIME, ledger));
  }

  /** As {@link #embed(EmbeddingRequest, Caller, UUID)}, on other terms. */
  public EmbeddingOutcome embed(
      EmbeddingRequest request, Caller caller, UUID requestId, Terms terms) {
    return EmbeddingTrace.follow(
        tracer, request, requestId, () -> resolve(request, caller, requestId, terms));
  }

  private EmbeddingOutcome resolve(
      EmbeddingRequest request, Caller caller, UUID requestId, Terms terms) {
    return switch (catalog.resolve(request.model())) {
      case Resolution.Unknown(String name) ->
          refused("unknown", new EmbeddingOutcome.UnknownModel(name));
      case Resolution.Found(ModelCard card) ->
          refused(card.id(), new EmbeddingOutcome.NotAnEmbeddingModel(request.model()));
      case Resolution.Embedding(EmbeddingCard card) -> {
        EmbeddingOutcome outcome = embed(request, caller, requestId, card, terms);
        yield outcome instanceof EmbeddingOutcome.Refused refused
            ? refused(card.id(), refused)
            : outcome;
      }
    };
  }

  private EmbeddingOutcome refused(String model, EmbeddingOutcome.Refused refused) {
    metrics.refused(model, refused);
    return refused;
  }

  private EmbeddingOutcome embed(
      EmbeddingRequest request, Caller caller, UUID requestId, EmbeddingCard card, Terms terms) {
    if (!caller.scope().allowsModel(request.model(), card.id())) {
      return new EmbeddingOutcome.ModelNotAllowed(request.model());
    }
    int dimensions = card.profile().dimensions();
    for (Map.Entry<String, Long> asked : request.dimensions().entrySet()) {
      if (asked.getValue() != dimensions) {
        return new EmbeddingOutcome.OtherDimensions(asked.getKey(), asked.getValue(), dimensions);
      }
    }
    Moderator.Subject subject =
        new Moderator.Subject(caller, card.id(), card.profile().id(), requestId);
    // before the turn on the pool: detectors take turns on it too
    return switch (moderator.judge(request.texts(), subject)) {
      case Moderator.Unknown() -> new EmbeddingOutcome.PoliciesUnknown();
      case Moderator.Blocked blocked ->
          embed(request, blocked, blocked.policyVersion(), subject, card, terms);
      case Moderator.TextsPassed(List<String> texts, String policies) ->
          embed(
              new EmbeddingRequest(request.model(), texts, request.dimensions()),
              null,
              policies,
              subject,
              card,
              terms);
    };
  }

  private EmbeddingOutcome embed(
      EmbeddingRequest request,
      Moderator.@Nullable Blocked blocked,
      @Nullable String policies,
      Moderator.Subject subject,
      EmbeddingCard card,
      Terms terms) {
    return switch (pool.take(bounds.requestTimeMax(), terms.urgency())) {
      case EmbeddingPool.Turn.Full(int requestsMax) -> new EmbeddingOutcome.PoolFull(requestsMax);
      case EmbeddingPool.Turn.Closed() -> new EmbeddingOutcome.ShuttingDown();
      case EmbeddingPool.Turn.Taken(EmbeddingJob job) -> {
        try (job) {
          yield embed(request, blocked, policies, job, subject, card, terms);
        }
      }
    };
  }

  private EmbeddingOutcome embed(
      EmbeddingRequest request,
      Moderator.@Nullable Blocked blocked,
      @Nullable String policies,
      EmbeddingJob job,
      Moderator.Subject subject,
      EmbeddingCard card,
      Terms terms) {
    EmbeddingModel model = model(job);
    if (model == null) {
      return new EmbeddingOutcome.ModelUnavailable();
    }
    List<int[]> texts = new ArrayList<>();
    int tokens = 0;
    for (String text : request.texts()) {
      int[] ids = model.tokens(text);
      if (ids.length > card.profile().tokensMax()) {
        return new EmbeddingOutcome.TextTooLong(
            texts.size(), ids.length, card.profile().tokensMax());
      }
      texts.add(ids);
      tokens += ids.length;
    }
    if (tokens > limits.tokensMax()) {
      return new EmbeddingOutcome.TooManyTokens(tokens, limits.tokensMax());
    }
    EmbeddingSettlement settlement =
        new EmbeddingSettlement(
            terms, metrics, subject, request.model(), card, tokens, texts, policies);
    return switch (admission.admit(settlement.demand())) {
      case Decision.Denied denied -> new EmbeddingOutcome.Limited(denied);
      case Decision.Admitted(Reservation reservation) ->
          blocked == null
              ? settlement.settle(compute(job, texts, card, tokens, reservation.rates()))
              : settlement.settleBlocked(blocked.report(), blocked.charged());
    };
  }

  private static @Nullable EmbeddingModel model(EmbeddingJob job) {
    try {
      return job.model();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (TimeoutException | EmbeddingException e) {
      log.error("The embedding model is not available", e);
      return null;
    }
  }

  private static EmbeddingOutcome compute(
      EmbeddingJob job, List<int[]> texts, EmbeddingCard card, int tokens, RateState rates) {
    List<float[]> vectors = new ArrayList<>();
    try {
      for (int[] text : texts) {
        vectors.add(job.vector(text));
      }
      return new EmbeddingOutcome.Embedded(card, vectors, tokens, rates);
    } catch (TimeoutException e) {
      return new EmbeddingOutcome.Failed(Ending.Failure.TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new EmbeddingOutcome.Failed(Ending.Failure.ENGINE);
    } catch (RuntimeException e) {
      log.error("Embeddings failed", e);
      return new EmbeddingOutcome.Failed(Ending.Failure.ENGINE);
    }
  }
}
