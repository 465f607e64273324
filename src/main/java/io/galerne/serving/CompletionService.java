package io.galerne.serving;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.engine.Engine;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.Submission;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.TemplateException;
import io.galerne.identity.Caller;
import io.galerne.metering.UsageLedger;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Service;

/**
 * The one way through for chat completions: resolve the model, render the prompt, submit it, and
 * hand back a {@link Completion} that relays the answer and settles it.
 */
@Service
public class CompletionService {
  private final ModelCatalog catalog;
  private final EngineRegistry engines;
  private final UsageLedger ledger;
  private final CompletionMetrics metrics;
  private final ServingProperties bounds;
  private final TenantNamespaces namespaces = new TenantNamespaces();

  public CompletionService(
      ModelCatalog catalog,
      EngineRegistry engines,
      UsageLedger ledger,
      MeterRegistry meters,
      ServingProperties bounds) {
    this.catalog = catalog;
    this.engines = engines;
    this.ledger = ledger;
    this.metrics = new CompletionMetrics(meters);
    this.bounds = bounds;
  }

  /**
   * @param requestId becomes the identity of the request's line in the ledger
   */
  public Admission admit(CompletionRequest request, Caller caller, UUID requestId) {
    return switch (catalog.resolve(request.model())) {
      case Resolution.Unknown(String name) -> {
        Admission.UnknownModel unknown = new Admission.UnknownModel(name);
        metrics.refused("unknown", reason(unknown));
        yield unknown;
      }
      case Resolution.Embedding(EmbeddingCard card) -> {
        Admission.NotAChatModel other = new Admission.NotAChatModel(request.model());
        metrics.refused(card.id(), reason(other));
        yield other;
      }
      case Resolution.Found(ModelCard card) -> {
        Admission admission = admit(request, caller, requestId, card);
        if (admission instanceof Admission.Refused refused) {
          metrics.refused(card.id(), reason(refused));
        }
        yield admission;
      }
    };
  }

  private Admission admit(
      CompletionRequest request, Caller caller, UUID requestId, ModelCard card) {
    Engine engine = engines.engine(card.weightsId());
    int[] prompt;
    try {
      prompt = engine.prompt(PromptRequest.of(request.messages()));
    } catch (TemplateException e) {
      return new Admission.ConversationRefused(String.valueOf(e.getMessage()));
    }
    int contextTokens = card.profile().contextTokens();
    int room = contextTokens - prompt.length;
    if (room < 1) {
      return new Admission.PromptTooLong(prompt.length, contextTokens);
    }
    Settlement settlement =
        new Settlement(ledger, metrics, requestId, caller, request.model(), card, prompt.length);
    Integer maxTokens = request.maxTokens();
    if (maxTokens != null && maxTokens == 0) {
      return admitted(card, new NothingToGenerate(prompt.length), settlement, false);
    }
    boolean lengthIsContext = maxTokens == null || maxTokens > room;
    SamplingParams sampling =
        sampling(request, card, lengthIsContext || maxTokens == null ? room : maxTokens);
    GenerationRequest generation =
        new GenerationRequest(
            prompt,
            sampling,
            ServiceTerms.of(caller.tenantId().toString()),
            CacheScope.of(namespaces.of(caller.tenantId())));
    return switch (engine.submit(generation)) {
      case Submission.Accepted(Generation running) ->
          admitted(card, running, settlement, lengthIsContext);
      case Submission.QueueFull(int waitingMax) -> new Admission.QueueFull(waitingMax);
      case Submission.ShareFull(int waitingPerKeyMax) ->
          new Admission.TenantQueueFull(waitingPerKeyMax);
      case Submission.CacheTooSmall(int tokens, int cacheTokens) ->
          throw new IllegalStateException(
              "%d tokens fit the model's context but not the cache of %d"
                  .formatted(tokens, cacheTokens));
      case Submission.DeadlinePassed() ->
          throw new IllegalStateException("a deadline that was never set has passed");
      case Submission.PromptTooLong(int promptTokens, int context) ->
          new Admission.PromptTooLong(promptTokens, context);
      case Submission.Closed() -> new Admission.ShuttingDown();
    };
  }

  private Admission admitted(
      ModelCard card, Generation generation, Settlement settlement, boolean lengthIsContext) {
    return new Admission.Admitted(
        new Completion(card, generation, settlement, bounds, lengthIsContext));
  }

  private static SamplingParams sampling(CompletionRequest request, ModelCard card, int maxTokens) {
    Double temperature = request.temperature();
    Long seed = request.seed();
    return new SamplingParams(
        (float) (temperature == null ? card.defaultTemperature() : temperature),
        (float) request.topP(),
        seed == null ? ThreadLocalRandom.current().nextLong() : seed,
        maxTokens,
        request.stop());
  }

  private static String reason(Admission.Refused refused) {
    return switch (refused) {
      case Admission.UnknownModel _ -> "unknown_model";
      case Admission.NotAChatModel _ -> "not_a_chat_model";
      case Admission.ConversationRefused _ -> "conversation_refused";
      case Admission.PromptTooLong _ -> "prompt_too_long";
      case Admission.QueueFull _ -> "queue_full";
      case Admission.TenantQueueFull _ -> "tenant_queue_full";
      case Admission.ShuttingDown _ -> "shutting_down";
    };
  }
}
