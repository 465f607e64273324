package io.galerne.replay;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerContent.Said;
import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.Submission;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.Priority;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.serving.RecordedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has an engine write the answers of a recorded request once more, one after the other and behind
 * everything that somebody waits for. The prompt is computed anew, nothing of it is looked up.
 */
final class GenerationReplay {
  private static final ServiceTerms TERMS =
      new ServiceTerms("galerne-replay", 1, Priority.BATCH, null);

  private final Engine engine;
  private final Duration timeMax;

  /**
   * @param timeMax for each of the answers
   */
  GenerationReplay(Engine engine, Duration timeMax) {
    this.engine = engine;
    this.timeMax = timeMax;
  }

  /** The answers, or those before the one that there is none of, and why. */
  record Outcome(List<Said> answers, ReplayVerdict.@Nullable NotReplayable problem) {
    private static Outcome without(List<Said> answers, ReplayVerdict.Why why, String reason) {
      return new Outcome(answers, new ReplayVerdict.NotReplayable(why, reason));
    }
  }

  Outcome answers(AnswerContent content) throws InterruptedException {
    String parameters = content.request();
    if (parameters == null) {
      return new Outcome(List.of(), null); // its input was blocked: nothing was generated
    }
    RecordedRequest request = RecordedRequest.fromJson(parameters);
    int[] prompt = content.prompt().stream().mapToInt(Integer::intValue).toArray();
    Constraint constraint = request.constraint(engine);
    List<Said> answers = new ArrayList<>();
    for (int choice = 0; choice < request.choices(); choice++) {
      if (request.maxTokens() == 0) {
        answers.add(new Said("", List.of(), true));
        continue;
      }
      SamplingParams sampling = request.sampling(choice, SamplingParams.NO_LOGPROBS);
      Submission submission =
          engine.submit(
              new GenerationRequest(prompt, sampling, TERMS, CacheScope.NONE, constraint));
      if (!(submission instanceof Submission.Accepted(Generation generation))) {
        return Outcome.without(
            answers, ReplayVerdict.Why.ENGINE, "the engine doesn't take it now: " + submission);
      }
      Said said = read(generation);
      if (said == null) {
        return Outcome.without(
            answers, ReplayVerdict.Why.TIME, "the engine didn't finish within " + timeMax);
      }
      answers.add(said);
    }
    return new Outcome(answers, null);
  }

  private @Nullable Said read(Generation generation) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    List<AnswerContent.Call> calls = new ArrayList<>();
    long deadline = System.nanoTime() + timeMax.toNanos();
    try {
      while (true) {
        switch (generation.next(Duration.ofNanos(deadline - System.nanoTime()))) {
          case null -> {
            return null;
          }
          case GenerationEvent.Text more -> text.append(more.text());
          case GenerationEvent.ToolCall(var call, int _) ->
              calls.add(new AnswerContent.Call(call.name(), call.arguments()));
          case GenerationEvent.Finished _ -> {
            return new Said(text.toString(), calls, true);
          }
        }
      }
    } finally {
      generation.cancel();
    }
  }
}
