package io.galerne.moderation;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.template.ChatMessage;
import io.galerne.identity.Caller;
import io.galerne.moderation.policy.Detector;
import io.galerne.moderation.scan.DetectorUnavailable;
import io.galerne.serving.Admission;
import io.galerne.serving.Answer;
import io.galerne.serving.Completion;
import io.galerne.serving.CompletionRequest;
import io.galerne.serving.CompletionService;
import io.galerne.serving.Ending;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Asks a model of the platform whether a passage is safe. The answer is constrained to one of two
 * words, so it can't be anything else, and its tokens are the caller's, in a line of their own.
 */
@Component
class GuardModelJudge {
  private static final String SAFE = "safe";
  private static final String UNSAFE = "unsafe";
  private static final int TOKENS_MAX = 8;

  /** Looked up late: serving needs moderation for everybody else's requests. */
  private final ObjectProvider<CompletionService> completions;

  GuardModelJudge(ObjectProvider<CompletionService> completions) {
    this.completions = completions;
  }

  OptionalDouble score(Detector.GuardModel guard, Caller caller, String passage) {
    String answer =
        InTime.call("the guard model", guard.timeout(), () -> ask(guard, caller, passage));
    return switch (answer) {
      case SAFE -> OptionalDouble.of(0);
      case UNSAFE -> OptionalDouble.of(1);
      default -> throw new DetectorUnavailable("the guard model gave no verdict");
    };
  }

  private String ask(Detector.GuardModel guard, Caller caller, String passage) {
    CompletionRequest request =
        new CompletionRequest(
            guard.model(),
            List.of(
                new ChatMessage("system", guard.prompt()),
                new ChatMessage("user", "The text:\n" + passage + "\n\nsafe or unsafe?")),
            List.of(),
            new OutputFormat.Choice(List.of(SAFE, UNSAFE)),
            0.0,
            1,
            TOKENS_MAX,
            0L,
            List.of());
    return switch (completions.getObject().admitJudge(request, caller, UUID.randomUUID())) {
      case Admission.Admitted(Completion completion) -> verdict(completion.collect());
      case Admission.Refused refused ->
          throw new DetectorUnavailable(
              "the guard model refused: " + refused.getClass().getSimpleName());
    };
  }

  private static String verdict(Answer answer) {
    return answer.ending() instanceof Ending.Finished ? answer.text().strip() : "";
  }
}
