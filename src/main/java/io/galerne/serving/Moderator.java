package io.galerne.serving;

import io.galerne.identity.Caller;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Judges what goes into models, and gives a guard for what comes out. */
public interface Moderator {
  /** Lets everything pass. */
  Moderator NONE = (request, _, _) -> new Passed(request, () -> OutputGuard.NONE, null);

  /** Whose request of which model is judged. */
  record Subject(Caller caller, String model, UUID requestId) {}

  /** What became of the input. */
  sealed interface Judgement {}

  /**
   * @param request perhaps with parts of its messages covered up
   * @param guards one for each answer
   * @param policyVersion the versions in force with commas between them, null where there are none
   */
  record Passed(
      CompletionRequest request, Supplier<OutputGuard> guards, @Nullable String policyVersion)
      implements Judgement {}

  /**
   * @param charged whether the prompt is charged all the same
   * @param policyVersion as of {@link Passed}
   */
  record Blocked(GuardrailReport report, boolean charged, @Nullable String policyVersion)
      implements Judgement {}

  /**
   * @param guardrails what the request itself asks for
   */
  Judgement judge(CompletionRequest request, List<GuardrailRequest> guardrails, Subject subject);
}
