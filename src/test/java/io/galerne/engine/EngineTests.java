package io.galerne.engine;

import static io.galerne.engine.Answers.answer;
import static io.galerne.engine.Answers.greedy;
import static io.galerne.engine.Answers.read;
import static io.galerne.engine.Answers.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.kernel.KernelChoice;
import io.galerne.engine.kernel.KernelLadder;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.KeyStatistics;
import io.galerne.engine.scheduler.Priority;
import io.galerne.engine.scheduler.ServiceTerms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole engine on a tiny random model. */
class EngineTests {
  @TempDir Path folder;
  private EngineSettings settings;

  @BeforeEach
  void writeModel() {
    settings =
        EngineSettings.of(TinyModel.writer(GgmlType.Q8_0, 11).write(folder.resolve("tiny.gguf")))
            .withThreads(2);
  }

  @Test
  void knowsWhatItLoaded() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      ModelProfile profile = engine.profile();
      assertThat(profile.name()).isEqualTo("tiny");
      assertThat(profile.quantization()).isEqualTo("Q8_0");
      assertThat(profile.contextTokens()).isEqualTo(TinyModel.CONTEXT);
      assertThat(profile.digest()).hasSize(64);
      assertThat(engine.statistics().kernels())
          .isEqualTo(KernelLadder.choose(KernelChoice.AUTOMATIC).name());
    }
  }

  @Test
  void loadingReportsItsProgressToTheEnd() {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    LoadListener listener =
        (bytes, total) -> {
          done.add(bytes);
          totals.add(total);
        };
    Engine.load(settings, listener).close();
    assertThat(done).isSorted().hasSizeGreaterThan(5);
    assertThat(done.getLast()).isEqualTo(totals.getLast());
  }

  @Test
  void everybodyGetsTheAnswerTheyGetAloneWhateverTheCompany() {
    List<int[]> prompts = prompts(24);
    List<String> alone = new ArrayList<>();
    try (Engine engine = Engine.load(settings.withThreads(1), LoadListener.NONE)) {
      for (int i = 0; i < prompts.size(); i++) {
        alone.add(answer(engine, prompts.get(i), params(i)).text());
      }
    }
    assertThat(alone.stream().distinct().count()).isGreaterThan(20);
    var crowded = settings.withQueue(7, 64).withStep(19, 5);
    // Room for few sequences at once: some are sent back and computed again.
    var cramped = crowded.withKvMemoryBytes(20 * 16 * 32 * 2 * 4 * 2);
    var scalar = settings.withKernels(KernelChoice.SCALAR);
    for (EngineSettings variant : List.of(settings, crowded, cramped, scalar)) {
      try (Engine engine = Engine.load(variant, LoadListener.NONE)) {
        List<Generation> together = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
          together.add(start(engine, prompts.get(i), params(i)));
        }
        for (int i = 0; i < prompts.size(); i++) {
          assertThat(read(together.get(i)).text()).as("answer %d", i).isEqualTo(alone.get(i));
        }
        assertThat(engine.statistics().kvBlocksUsed()).isZero();
        assertThat(engine.statistics().running()).isZero();
      }
    }
  }

  @Test
  void tokensAreBoundedByTheRequestAndByTheContext() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      Answers.Whole bounded = answer(engine, new int[] {5, 6, 7}, greedy(10));
      assertThat(bounded.end()).isEqualTo(new GenerationEvent.Finished(FinishReason.LENGTH, 3, 10));
      assertThat(bounded.streamedTokens()).isEqualTo(10);
      int[] prompt = new int[TinyModel.CONTEXT - 4];
      java.util.Arrays.fill(prompt, 9);
      Answers.Whole full = answer(engine, prompt, greedy(1_000));
      assertThat(full.end())
          .isEqualTo(new GenerationEvent.Finished(FinishReason.CONTEXT_FULL, 252, 4));
    }
  }

  @Test
  void stopTextsEndTheAnswer() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      String whole = answer(engine, new int[] {5, 6, 7}, greedy(60)).text();
      String stop = whole.substring(20, 23);
      int at = whole.indexOf(stop);
      var params = new SamplingParams(0, 1, 0, 60, List.of(stop));
      Answers.Whole stopped = answer(engine, new int[] {5, 6, 7}, params);
      assertThat(stopped.text()).isEqualTo(whole.substring(0, at));
      assertThat(stopped.end().reason()).isEqualTo(FinishReason.STOP);
      assertThat(stopped.streamedTokens()).isEqualTo(stopped.end().completionTokens());
    }
  }

  @Test
  void aCancelledAnswerEndsAndFreesItsPlace() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      Generation generation = start(engine, new int[] {5, 6}, greedy(250));
      generation.cancel();
      assertThat(read(generation).end().reason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(engine.statistics().kvBlocksUsed()).isZero();
    }
  }

  /** The prompt takes sixty steps; the cancellation comes in the middle of the first. */
  @Test
  void cancellingALongPromptStopsWithinAStep() throws InterruptedException {
    var held = new HeldStep();
    EngineSettings stepwise = settings.withThreads(1).withQueue(1, 4).withStep(4, 4);
    try (Engine engine = LocalEngine.load(stepwise, LoadListener.NONE, held)) {
      held.arm();
      Generation generation = start(engine, new int[240], greedy(1));
      held.awaitReached();
      generation.cancel();
      held.release();
      assertThat(read(generation).end())
          .isEqualTo(new GenerationEvent.Finished(FinishReason.CANCELLED, 240, 0));
      assertThat(engine.statistics().promptTokens()).as("tokens of one step").isEqualTo(4);
      assertThat(engine.statistics().kvBlocksUsed()).isZero();
    }
  }

  @Test
  void refusesMoreThanItsQueueHolds() throws InterruptedException {
    try (Engine engine = Engine.load(settings.withQueue(1, 2), LoadListener.NONE)) {
      List<Generation> accepted = new ArrayList<>();
      Submission last = null;
      for (int i = 0; i < 50 && !(last instanceof Submission.QueueFull); i++) {
        last = engine.submit(new GenerationRequest(new int[] {4, 5}, greedy(250)));
        if (last instanceof Submission.Accepted(Generation generation)) {
          accepted.add(generation);
        }
      }
      assertThat(last).isEqualTo(new Submission.QueueFull(2));
      assertThat(accepted).hasSizeGreaterThanOrEqualTo(3);
      accepted.forEach(Answers::read);
      Generation again = start(engine, new int[] {4, 5}, greedy(1));
      assertThat(again.next(Duration.ofSeconds(30))).isNotNull();
    }
  }

  @Test
  void oneKeyCannotFillTheQueue() {
    try (Engine engine = Engine.load(settings.withQueue(1, 40, 2), LoadListener.NONE)) {
      List<Generation> accepted = new ArrayList<>();
      Submission last = null;
      for (int i = 0; i < 50 && !(last instanceof Submission.ShareFull); i++) {
        last = engine.submit(request("flood", null));
        if (last instanceof Submission.Accepted(Generation generation)) {
          accepted.add(generation);
        }
      }
      assertThat(last).isEqualTo(new Submission.ShareFull(2));
      assertThat(accepted).hasSizeLessThan(20);
      accepted.add(start(engine, request("other", null)));
      accepted.forEach(Generation::cancel);
      accepted.forEach(Answers::read);
    }
  }

  @Test
  void aDeadlineEndsWhatWaitsAndWhatRuns() {
    try (Engine engine = Engine.load(settings.withQueue(1, 8), LoadListener.NONE)) {
      assertThat(engine.submit(request("late", System.nanoTime())))
          .isEqualTo(new Submission.DeadlinePassed());
      long soon = System.nanoTime() + 20_000_000;
      List<Generation> generations = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        generations.add(start(engine, request("key", soon)));
      }
      List<FinishReason> ends =
          generations.stream().map(generation -> read(generation).end().reason()).toList();
      assertThat(ends).contains(FinishReason.DEADLINE);
      assertThat(engine.statistics().kvBlocksUsed()).isZero();
      assertThat(engine.statistics().waiting()).isZero();
    }
  }

  @Test
  void refusesWhatTheCacheCouldNeverHold() {
    EngineSettings small = settings.withKvMemoryBytes(8_192 * 4);
    try (Engine engine = Engine.load(small, LoadListener.NONE)) {
      int held = engine.profile().contextTokens();
      assertThat(held).isLessThan(TinyModel.CONTEXT);
      assertThat(engine.submit(new GenerationRequest(new int[] {5, 6}, greedy(held))))
          .isEqualTo(new Submission.CacheTooSmall(held + 2, held));
      assertThat(answer(engine, new int[] {5, 6}, greedy(held - 2)).end().completionTokens())
          .isPositive();
    }
  }

  @Test
  void tellsWhatEachKeyHas() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      Answers.Whole whole = read(start(engine, request("somebody", null)));
      KeyStatistics statistics = engine.statistics().keys().getFirst();
      assertThat(statistics.key()).isEqualTo("somebody");
      assertThat(statistics.running()).isZero();
      assertThat(statistics.servedTokens())
          .isBetween(2L + whole.end().completionTokens(), 3L + whole.end().completionTokens());
    }
  }

  private static GenerationRequest request(String key, @Nullable Long deadline) {
    var terms = new ServiceTerms(key, 1, Priority.INTERACTIVE, deadline);
    return new GenerationRequest(new int[] {4, 5}, greedy(250), terms, CacheScope.NONE);
  }

  @Test
  void refusesAPromptThatLeavesNoRoom() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      Submission submission =
          engine.submit(new GenerationRequest(new int[TinyModel.CONTEXT], greedy(1)));
      assertThat(submission)
          .isEqualTo(new Submission.PromptTooLong(TinyModel.CONTEXT, TinyModel.CONTEXT));
    }
  }

  @Test
  void closingEndsWhatRunsAndRefusesWhatComes() {
    Engine engine = Engine.load(settings, LoadListener.NONE);
    Generation generation = start(engine, new int[] {5, 6}, greedy(250));
    engine.close();
    assertThat(read(generation).end().reason())
        .isIn(FinishReason.CANCELLED, FinishReason.CONTEXT_FULL, FinishReason.LENGTH);
    assertThat(engine.submit(new GenerationRequest(new int[] {5}, greedy(1))))
        .isEqualTo(new Submission.Closed());
  }

  @Test
  void aDamagedFileIsRefusedWithItsField() throws Exception {
    Path damaged = folder.resolve("damaged.gguf");
    byte[] bytes = Files.readAllBytes(settings.weights());
    Files.write(damaged, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> Engine.load(EngineSettings.of(damaged), LoadListener.NONE))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("damaged.gguf");
  }

  private static SamplingParams params(int i) {
    return i % 2 == 0
        ? greedy(30 + i)
        : new SamplingParams(0.9f, i % 4 == 1 ? 1 : 0.8f, i, 30 + i, List.of());
  }

  private static List<int[]> prompts(int count) {
    Random random = new Random(5);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(random.ints(1 + random.nextInt(90), 2, 250).toArray());
    }
    return prompts;
  }
}
