package io.galerne.serving;

import io.galerne.catalog.Capability;
import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.engine.Constraint;
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
import io.galerne.limits.AdmissionControl;
import io.galerne.limits.Decision;
import io.galerne.limits.Demand;
import io.galerne.limits.Reservation;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * The one way through for chat completions: resolve the model, render the prompt, compile the
 * answer's format, submit it, and hand back a {@link Completion} that relays the answer and settles
 * it.
 */
@Service
public class CompletionService {
  private final ModelCatalog catalog;
  private final EngineRegistry engines;
  private final UsageLedger ledger;
  private final AdmissionControl limits;
  private final CompletionMetrics metrics;
  private final ServingProperties bounds;
  private final FormatCompiler compiler;
  private final Moderator moderator;
  private final Doorman doorman;
  private final Tracer tracer;
  private final TenantNamespaces namespaces = new TenantNamespaces();

  public CompletionService(
      ModelCatalog catalog,
      EngineRegistry engines,
      UsageLedger ledger,
      AdmissionControl limits,
      MeterRegistry meters,
      ServingProperties bounds) {
    this(catalog, engines, ledger, limits, meters, bounds, Moderator.NONE, Tracer.NOOP);
  }

  @Autowired
  public CompletionService(
      ModelCatalog catalog,
      EngineRegistry engines,
      UsageLedger ledger,
      AdmissionControl limits,
      MeterRegistry meters,
      ServingProperties bounds,
      Moderator moderator,
      Tracer tracer) {
    this.moderator = moderator;
    this.doorman = new Doorman(limits);
    this.tracer = tracer;
    this.catalog = catalog;
    this.engines = engines;
    this.ledger = ledger;
    this.limits = limits;
    this.metrics = new CompletionMetrics(meters);
    this.bounds = bounds;
    this.compiler = new FormatCompiler(bounds);
  }

  /**
   * @param requestId becomes the identity of the request's line in the ledger
   */
  public Admission admit(CompletionRequest request, Caller caller, UUID requestId) {
    return admit(request, caller, requestId, new Terms(ServiceClass.REALTIME, ledger));
  }

  /** As {@link #admit(CompletionRequest, Caller, UUID)}, on other terms. */
  public Admission admit(CompletionRequest request, Caller caller, UUID requestId, Terms terms) {
    return admit(request, caller, requestId, terms, List.of());
  }

  /**
   * As {@link #admit(CompletionRequest, Caller, UUID)}, with what the request says of guardrails.
   */
  public Admission admit(
      CompletionRequest request, Caller caller, UUID requestId, List<GuardrailRequest> guardrails) {
    Terms terms = new Terms(ServiceClass.REALTIME, ledger);
    return admit(request, caller, requestId, terms, guardrails);
  }

  /** As {@link #admit(CompletionRequest, Caller, UUID)}, on other terms and with guardrails. */
  public Admission admit(
      CompletionRequest request,
      Caller caller,
      UUID requestId,
      Terms terms,
      List<GuardrailRequest> guardrails) {
    return admit(request, caller, requestId, terms, guardrails, moderator);
  }

  /** For a model that judges others' texts: what it reads and says is judged by nobody. */
  public Admission admitJudge(CompletionRequest request, Caller caller, UUID requestId) {
    Terms terms = new Terms(ServiceClass.REALTIME, ledger);
    return admit(request, caller, requestId, terms, List.of(), Moderator.NONE);
  }

  /** The size of a request's prompt; empty where the model is unknown or refuses the messages. */
  public Optional<PromptSize> promptSize(CompletionRequest request, Caller caller) {
    if (!(catalog.resolve(caller.tenantId(), request.model())
        instanceof Resolution.Found(ModelCard card))) {
      return Optional.empty();
    }
    Engine engine = engines.engine(card.weightsId());
    if (engine == null) {
      return Optional.empty();
    }
    try {
      int tokens = prompt(request, engine).length;
      return Optional.of(new PromptSize(card.id(), tokens, card.profile().contextTokens()));
    } catch (TemplateException e) {
      return Optional.empty();
    }
  }

  private Admission admit(
      CompletionRequest request,
      Caller caller,
      UUID requestId,
      Terms terms,
      List<GuardrailRequest> guardrails,
      Moderator judge) {
    RequestTrace trace = RequestTrace.begin(tracer, request, requestId);
    try (Tracer.SpanInScope _ = trace.scope()) {
      Admission admission = resolve(request, caller, requestId, terms, guardrails, judge);
      switch (admission) {
        case Admission.Admitted(Completion completion) -> completion.followedBy(trace);
        case Admission.Refused refused -> trace.refused(RefusalNames.of(refused));
      }
      return admission;
    } catch (RuntimeException | Error e) {
      trace.refused("internal");
      throw e;
    }
  }

  private Admission resolve(
      CompletionRequest request,
      Caller caller,
      UUID requestId,
      Terms terms,
      List<GuardrailRequest> guardrails,
      Moderator judge) {
    return switch (catalog.resolve(caller.tenantId(), request.model())) {
      case Resolution.Unknown(String name) -> {
        Admission.UnknownModel unknown = new Admission.UnknownModel(name);
        metrics.refused("unknown", RefusalNames.of(unknown));
        yield unknown;
      }
      case Resolution.Embedding(EmbeddingCard card) -> {
        Admission.NotAChatModel other = new Admission.NotAChatModel(request.model());
        metrics.refused(card.id(), RefusalNames.of(other));
        yield other;
      }
      case Resolution.Found(ModelCard card) ->
          admit(request, new Asked(caller, requestId, guardrails, judge, Set.of()), card, terms);
    };
  }

  private Admission admit(CompletionRequest request, Asked by, ModelCard card, Terms terms) {
    Asked asked = by.of(card);
    Moderator.Subject subject = asked.subject(card);
    if (!asked.caller().scope().allowsModel(request.model(), card.id())) {
      Admission.ModelNotAllowed other = new Admission.ModelNotAllowed(request.model());
      metrics.refused(card.id(), RefusalNames.of(other));
      return other;
    }
    Engine engine = engines.engine(card.weightsId());
    Submission full = engine == null ? null : doorman.refusal(engine, asked.caller(), request);
    Admission admission =
        full != null ? SubmissionRefusals.of(full) : judged(request, asked, subject, card, terms);
    if (admission instanceof Admission.Refused refused) {
      ModelCard other = standIn(card, request.model(), asked.caller().tenantId(), refused);
      if (other != null) {
        return admit(request, asked, other, terms);
      }
      metrics.refused(card.id(), RefusalNames.of(refused));
    }
    return admission;
  }

  private Admission judged(
      CompletionRequest request,
      Asked asked,
      Moderator.Subject subject,
      ModelCard card,
      Terms terms) {
    return switch (asked.judge().judge(request, asked.guardrails(), subject)) {
      case Moderator.Passed passed -> admit(passed.request(), subject, card, terms, passed);
      case Moderator.Unknown() -> new Admission.PoliciesUnknown();
      case Moderator.Blocked blocked -> blocked(request, subject, card, terms, blocked);
    };
  }

  /** What takes a request that a model couldn't: its own next revision, or where it spills to. */
  private @Nullable ModelCard standIn(
      ModelCard card, String name, UUID tenant, Admission.Refused refused) {
    if (!engines.serves(card.weightsId())) {
      return catalog.resolve(tenant, name) instanceof Resolution.Found(ModelCard now)
              && !now.weightsId().equals(card.weightsId())
          ? now
          : null;
    }
    String spill = card.spillsTo();
    boolean hasNoRoom =
        refused instanceof Admission.QueueFull
            || refused instanceof Admission.TenantQueueFull
            || refused instanceof Admission.Unavailable;
    return hasNoRoom
            && spill != null
            && catalog.resolve(spill) instanceof Resolution.Found(ModelCard shared)
        ? shared
        : null;
  }

  /** The line is written before the client is told. */
  private Admission blocked(
      CompletionRequest request,
      Moderator.Subject subject,
      ModelCard card,
      Terms terms,
      Moderator.Blocked blocked) {
    Engine engine = engines.engine(card.weightsId());
    if (engine == null) {
      return new Admission.ShuttingDown();
    }
    int[] prompt;
    try {
      prompt = prompt(request, engine);
    } catch (TemplateException e) {
      return new Admission.ConversationRefused(String.valueOf(e.getMessage()));
    }
    Settlement settlement =
        settlement(request, subject, card, terms, prompt, blocked.policyVersion());
    return switch (limits.admit(settlement.demand(0))) {
      case Decision.Denied denied -> new Admission.Limited(denied);
      case Decision.Admitted(Reservation reservation) -> {
        settlement.holds(reservation);
        settlement.settleBlocked(blocked.charged());
        yield new Admission.InputBlocked(blocked.report());
      }
    };
  }

  private Settlement settlement(
      CompletionRequest request,
      Moderator.Subject subject,
      ModelCard card,
      Terms terms,
      int[] prompt,
      @Nullable String policies) {
    Settlement settlement =
        new Settlement(
            terms,
            metrics,
            subject.requestId(),
            subject.caller(),
            card,
            source(request, card, terms.serviceClass(), policies),
            prompt.length);
    settlement.reads(prompt);
    return settlement;
  }

  private Admission admit(
      CompletionRequest request,
      Moderator.Subject subject,
      ModelCard card,
      Terms terms,
      Moderator.Passed judged) {
    long deadlineNanos = System.nanoTime() + bounds.requestTimeMax().toNanos();
    if (!request.tools().isEmpty() && !card.capabilities().contains(Capability.FUNCTION_CALLING)) {
      return new Admission.ToolsNotOffered(request.model());
    }
    Engine engine = engines.engine(card.weightsId());
    if (engine == null) {
      return new Admission.ShuttingDown();
    }
    Admission.Refused wrong = Wishes.refuse(request, card);
    if (wrong != null) {
      return wrong;
    }
    int[] prompt;
    try {
      prompt = prompt(request, engine);
    } catch (TemplateException e) {
      return new Admission.ConversationRefused(String.valueOf(e.getMessage()));
    }
    int contextTokens = card.profile().contextTokens();
    int room = contextTokens - prompt.length;
    if (room < 1) {
      return new Admission.PromptTooLong(prompt.length, contextTokens);
    }
    UUID tenant = subject.caller().tenantId();
    return switch (compiler.compile(request, engine, tenant, namespaces.of(tenant))) {
      case FormatCompiler.Refused(Admission.Refused reason) -> reason;
      case FormatCompiler.Compiled(Constraint constraint) -> {
        Settlement settlement =
            settlement(request, subject, card, terms, prompt, judged.policyVersion());
        yield submit(
            request,
            new Prepared(
                card, engine, conversation(request), prompt, constraint, judged, deadlineNanos),
            settlement);
      }
    };
  }

  private static int[] prompt(CompletionRequest request, Engine engine) {
    CompletionRequest.Gap gap = request.gap();
    return gap == null
        ? engine.prompt(conversation(request))
        : engine.fillInMiddle(gap.before(), gap.behind());
  }

  private static PromptRequest conversation(CompletionRequest request) {
    return new PromptRequest(request.messages(), request.tools());
  }

  private static UsageSource source(
      CompletionRequest request,
      ModelCard card,
      ServiceClass serviceClass,
      @Nullable String policies) {
    return new UsageSource(
        request.gap() == null ? ServiceKind.CHAT : ServiceKind.FIM,
        serviceClass,
        false,
        request.model(),
        card.pricedAs(),
        card.profile().digest(),
        policies);
  }

  /** What a request needs to run. */
  private record Prepared(
      ModelCard card,
      Engine engine,
      PromptRequest conversation,
      int[] prompt,
      @Nullable Constraint constraint,
      Moderator.Passed judged,
      long deadlineNanos) {
    int room() {
      return card.profile().contextTokens() - prompt.length;
    }
  }

  private Admission submit(CompletionRequest request, Prepared prepared, Settlement settlement) {
    Integer asked = request.maxTokens();
    int room = prepared.room();
    int tokensMax = asked == null ? room : Math.min(asked, room);
    Demand demand = settlement.demand(Math.multiplyExact(tokensMax, request.choices()));
    return switch (limits.admit(demand)) {
      case Decision.Denied denied -> new Admission.Limited(denied);
      case Decision.Admitted(Reservation reservation) -> {
        settlement.holds(reservation);
        Admission admission = submit(request, prepared, settlement, tokensMax);
        if (!(admission instanceof Admission.Admitted)) {
          reservation.cancel();
        }
        yield admission;
      }
    };
  }

  private Admission submit(
      CompletionRequest request, Prepared prepared, Settlement settlement, int tokensMax) {
    Long asSeed = request.seed();
    long seed = asSeed == null ? ThreadLocalRandom.current().nextLong() : asSeed;
    RecordedRequest recorded =
        RecordedRequest.of(request, prepared.card().defaultTemperature(), tokensMax, seed);
    settlement.drawsBy(recorded);
    if (tokensMax == 0) {
      Generation nothing = new NothingToGenerate(prepared.prompt().length);
      return admitted(prepared, Collections.nCopies(request.choices(), nothing), settlement, false);
    }
    Integer asked = request.maxTokens();
    boolean lengthIsContext = asked == null || asked > prepared.room();
    List<Generation> running = new ArrayList<>();
    for (int choice = 0; choice < request.choices(); choice++) {
      SamplingParams sampling = recorded.sampling(choice, request.topLogprobs());
      Optional<String> refused = prepared.engine().refusedParameter(sampling);
      if (refused.isPresent()) {
        return new Admission.ParameterRefused(refused.get(), "the model's backend doesn't know it");
      }
      Generation leader = running.isEmpty() ? null : running.getFirst();
      Submission submission =
          prepared.engine().submit(generation(prepared, sampling, settlement, leader));
      if (submission instanceof Submission.Accepted(Generation generation)) {
        running.add(generation);
      } else {
        running.forEach(Generation::cancel);
        return SubmissionRefusals.of(submission);
      }
    }
    return admitted(prepared, running, settlement, lengthIsContext);
  }

  private GenerationRequest generation(
      Prepared prepared,
      SamplingParams sampling,
      Settlement settlement,
      @Nullable Generation leader) {
    UUID tenant = settlement.caller().tenantId();
    Reservation reservation = settlement.reservation();
    return new GenerationRequest(
        prepared.prompt(),
        sampling,
        new ServiceTerms(
            tenant.toString(),
            reservation.weight(),
            settlement.terms().priority(),
            prepared.deadlineNanos(),
            reservation.waitingShare()),
        CacheScope.of(namespaces.of(tenant)),
        prepared.constraint(),
        leader,
        reservation.allowance(),
        prepared.conversation());
  }

  private Admission admitted(
      Prepared prepared,
      List<Generation> generations,
      Settlement settlement,
      boolean lengthIsContext) {
    return new Admission.Admitted(
        new Completion(
            prepared.card(),
            generations.stream()
                .map(
                    generation ->
                        GuardedGeneration.of(generation, prepared.judged().guards().get()))
                .toList(),
            settlement,
            bounds,
            lengthIsContext,
            prepared.deadlineNanos(),
            prepared.judged().reports()));
  }
}
