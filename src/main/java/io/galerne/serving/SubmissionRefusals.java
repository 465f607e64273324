package io.galerne.serving;

import io.galerne.engine.Submission;

/** What becomes of a request that an engine does not take. */
final class SubmissionRefusals {
  private SubmissionRefusals() {}

  static Admission.Refused of(Submission submission) {
    return switch (submission) {
      case Submission.QueueFull(int waitingMax) -> new Admission.QueueFull(waitingMax);
      case Submission.ShareFull(int waitingPerKeyMax) ->
          new Admission.TenantQueueFull(waitingPerKeyMax);
      case Submission.CacheTooSmall(int tokens, int cacheTokens) ->
          throw new IllegalStateException(
              "%d tokens fit the model's context but not the cache of %d"
                  .formatted(tokens, cacheTokens));
      case Submission.DeadlinePassed() -> new Admission.TimedOut();
      case Submission.PromptTooLong(int promptTokens, int context) ->
          new Admission.PromptTooLong(promptTokens, context);
      case Submission.Unavailable(String reason) -> new Admission.Unavailable(reason);
      case Submission.RefusedElsewhere(String reason) -> new Admission.BackendRefused(reason);
      case Submission.Closed() -> new Admission.ShuttingDown();
      case Submission.Accepted _ -> throw new IllegalStateException("it was accepted");
    };
  }
}
