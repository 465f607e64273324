package io.galerne.engine;

import com.sun.management.ThreadMXBean;
import io.galerne.engine.kernel.KernelChoice;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.TemplateException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loads a file that may be hostile, and uses it if it loads. Whatever is neither an answer nor a
 * typed refusal is thrown as it came.
 */
final class Loading {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int TOKENS = 4;

  private Loading() {}

  /** What became of a file. */
  sealed interface Outcome {
    /** What the loading thread allocated until the file was known to be good or bad. */
    long allocatedBytes();
  }

  /** It was refused. */
  record Refused(String field, String message, long allocatedBytes) implements Outcome {}

  /** It loaded and generated so many tokens. */
  record Loaded(int tokens, long allocatedBytes) implements Outcome {}

  /** Small bounds, so that what a file claims shows and not what the settings allow. */
  static EngineSettings settings(Path file) {
    return EngineSettings.of(file)
        .withThreads(1)
        .withKvMemoryBytes(1 << 20)
        .withQueue(2, 2)
        .withStep(16, 16)
        .withKernels(KernelChoice.VECTOR);
  }

  static Outcome of(Path file) {
    return of(settings(file));
  }

  static Outcome of(EngineSettings settings) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    AtomicLong validated = new AtomicLong(-1);
    LoadListener listener =
        (done, total) ->
            validated.compareAndSet(-1, THREADS.getCurrentThreadAllocatedBytes() - before);
    try (Engine engine = Engine.load(settings, listener)) {
      return new Loaded(use(engine), validated.get());
    } catch (WeightsException e) {
      validated.compareAndSet(-1, THREADS.getCurrentThreadAllocatedBytes() - before);
      String message = String.valueOf(e.getMessage());
      if (e.field().isBlank() || !message.contains(e.field())) {
        throw new AssertionError("the error names no field", e);
      }
      return new Refused(e.field(), message, validated.get());
    }
  }

  private static int use(Engine engine) {
    int[] prompt = prompt(engine);
    SamplingParams params = new SamplingParams(0.7f, 0.9f, 1, TOKENS, List.of());
    return switch (engine.submit(new GenerationRequest(prompt, params))) {
      case Submission.Accepted(Generation generation) -> {
        Answers.Whole whole = Answers.read(generation);
        if (whole.end().reason() == FinishReason.ERROR) {
          throw new AssertionError("a step of the engine failed");
        }
        yield whole.end().completionTokens();
      }
      case Submission.PromptTooLong _, Submission.CacheTooSmall _ -> 0;
      case Submission.QueueFull full -> throw new AssertionError(full);
      case Submission.ShareFull full -> throw new AssertionError(full);
      case Submission.DeadlinePassed passed -> throw new AssertionError(passed);
      case Submission.Unavailable unavailable -> throw new AssertionError(unavailable);
      case Submission.RefusedElsewhere refused -> throw new AssertionError(refused);
      case Submission.Closed closed -> throw new AssertionError(closed);
    };
  }

  private static int[] prompt(Engine engine) {
    try {
      int[] prompt = engine.prompt(PromptRequest.of(List.of(new ChatMessage("user", "abc dab"))));
      return prompt.length > 0 ? prompt : new int[] {0};
    } catch (TemplateException _) {
      // A template that parses may still refuse every conversation, in its own typed way.
      return new int[] {0};
    }
  }
}
