package io.galerne.serving;

import io.galerne.engine.Engine;
import io.galerne.engine.Submission;
import io.galerne.engine.scheduler.Priority;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.identity.Caller;
import io.galerne.limits.AdmissionControl;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns away what the engine has no place for, before a policy, a template or the database has
 * worked for it: what is refused under a flood must not take from what is served. Who passes may
 * still be refused by the engine.
 */
final class Doorman {
  private final AdmissionControl limits;

  Doorman(AdmissionControl limits) {
    this.limits = limits;
  }

  /** What the engine would say to the request now; null where it has a place. */
  @Nullable Submission refusal(Engine engine, Caller caller, CompletionRequest request) {
    if (Integer.valueOf(0).equals(request.maxTokens())) {
      return null; // nothing is computed for it
    }
    return limits
        .remembered(caller)
        .map(AdmissionControl.Standing::waitingShare)
        .map(share -> terms(caller, share))
        .flatMap(engine::refusal)
        .orElse(null);
  }

  private static ServiceTerms terms(Caller caller, Optional<Double> waitingShare) {
    return new ServiceTerms(
        caller.tenantId().toString(), 1, Priority.INTERACTIVE, null, waitingShare.orElse(null));
  }
}
