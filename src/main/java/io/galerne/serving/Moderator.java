package io.galerne.serving;

import io.galerne.identity.Caller;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Judges what goes into models, and gives a guard for what comes out. */
public interface Moderator {
  /** Lets everything pass. */
  Moderator NONE =
      new Moderator() {
        @Override
        public Judgement judge(
            CompletionRequest request, List<GuardrailRequest> guardrails, Subject subject) {
          return new Passed(request, () -> OutputGuard.NONE, null, List.of());
        }

        @Override
        public TextsJudgement judge(List<String> texts, Subject subject) {
          return new TextsPassed(texts, null);
        }
      };

  /**
   * Whose request is judged.
   *
   * @param model by its own name
   * @param deployment what serves the model: its weights
   * @param floors of the operator's, by their names, that hold beside the one for everybody
   */
  record Subject(
      Caller caller, String model, String deployment, UUID requestId, Set<String> floors) {
    public Subject {
      floors = Set.copyOf(floors);
    }

    /** A subject that no floor of its own holds for. */
    public Subject(Caller caller, String model, String deployment, UUID requestId) {
      this(caller, model, deployment, requestId, Set.of());
    }
  }

  /** What became of the input. */
  sealed interface Judgement {}

  /**
   * @param request perhaps with parts of its messages covered up
   * @param guards one for each answer
   * @param policyVersion the versions in force with commas between them, null where there are none
   * @param reports of the guardrails that the request asked for, in its order
   */
  record Passed(
      CompletionRequest request,
      Supplier<OutputGuard> guards,
      @Nullable String policyVersion,
      List<GuardrailReport> reports)
      implements Judgement {
    public Passed {
      reports = List.copyOf(reports);
    }
  }

  /**
   * @param charged whether the prompt is charged all the same
   * @param policyVersion as of {@link Passed}
   */
  record Blocked(GuardrailReport report, boolean charged, @Nullable String policyVersion)
      implements Judgement, TextsJudgement {}

  /** Nobody can say which policies hold, so nothing passes. */
  record Unknown() implements Judgement, TextsJudgement {}

  /** What became of texts that no model answers. */
  sealed interface TextsJudgement {}

  /**
   * @param texts perhaps with parts covered up, in their order
   * @param policyVersion as of {@link Passed}
   */
  record TextsPassed(List<String> texts, @Nullable String policyVersion) implements TextsJudgement {
    public TextsPassed {
      texts = List.copyOf(texts);
    }
  }

  /**
   * @param guardrails what the request itself asks for
   */
  Judgement judge(CompletionRequest request, List<GuardrailRequest> guardrails, Subject subject);

  /** Judges texts that are to become vectors, as a user's. */
  TextsJudgement judge(List<String> texts, Subject subject);
}
