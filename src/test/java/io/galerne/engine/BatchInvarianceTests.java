package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.kernel.KernelChoice;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.Rungs;
import io.galerne.engine.model.KvCache;
import io.galerne.engine.model.LlamaConfig;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.Priority;
import io.galerne.engine.scheduler.ServiceTerms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An answer's tokens and the logits behind each of them have the same bits whatever else the engine
 * does: any company, chunks, cache, preemption, threads, kernels, and after a restart.
 */
@ParameterizedClass(name = "a window of {0}")
@ValueSource(ints = {0, 23})
// JUnit sets the static fields before the first test.
@SuppressWarnings("NullAway.Init")
class BatchInvarianceTests {
  private static final int REQUESTS = 20;

  @TempDir static Path folder;
  private static EngineSettings settings;
  private static List<int[]> prompts;
  private static List<LogitsRecorder.Recorded> alone;

  /** 0 for none. */
  @Parameter int window;

  @BeforeParameterizedClassInvocation
  static void answerEachAlone(int window) {
    Path weights =
        TinyModel.writer(GgmlType.Q8_0, 11)
            .u32("llama.attention.sliding_window", window)
            .write(folder.resolve("tiny-" + window + ".gguf"));
    settings = EngineSettings.of(weights).withThreads(1);
    prompts = prompts();
    alone = new ArrayList<>();
    var recorder = new LogitsRecorder(UnaryOperator.identity());
    try (Engine engine = LocalEngine.load(settings, LoadListener.NONE, recorder)) {
      for (int i = 0; i < REQUESTS; i++) {
        Answers.read(Answers.start(engine, request(i, CacheScope.NONE)));
        alone.add(recorder.of(key(i)));
      }
    }
    assertThat(alone).doesNotHaveDuplicates();
  }

  @Test
  void companyAndChunksChangeNothing() {
    Random random = new Random(3);
    for (int round = 0; round < 4; round++) {
      int sequences = 1 + random.nextInt(12);
      int tokens = Math.max(2, sequences) + random.nextInt(60);
      EngineSettings variant =
          settings
              .withThreads(1 + round)
              .withQueue(sequences, 64)
              .withStep(tokens, 1 + random.nextInt(tokens));
      assertSame(together(variant, UnaryOperator.identity(), CacheScope.NONE).recorded());
    }
  }

  @Test
  void kernelsChangeNothing() {
    for (KernelChoice kernels : Rungs.all()) {
      EngineSettings variant = settings.withThreads(2).withKernels(kernels);
      assertSame(together(variant, UnaryOperator.identity(), CacheScope.NONE).recorded());
    }
  }

  @Test
  void aFullCacheChangesNothing() {
    EngineSettings variant =
        settings
            .withQueue(8, 64)
            .withStep(40, 24)
            .withKvMemoryBytes((window == 0 ? 20 : 8) * blockBytes());
    Run run = together(variant, UnaryOperator.identity(), CacheScope.NONE);
    assertThat(run.statistics().preemptions()).isPositive();
    assertSame(run.recorded());
  }

  @Test
  void whatTheCacheRemembersChangesNothing() {
    CacheScope scope = CacheScope.of(CacheNamespace.random());
    EngineSettings variant = settings.withThreads(2).withStep(48, 16);
    var recorder = new LogitsRecorder(UnaryOperator.identity());
    try (Engine engine = LocalEngine.load(variant, LoadListener.NONE, recorder)) {
      assertSame(run(engine, recorder, scope));
      long firstTime = engine.statistics().cachedTokens();
      assertSame(run(engine, recorder, scope));
      assertThat(engine.statistics().cachedTokens() - firstTime).isGreaterThan(600);
      Answers.Whole again = Answers.read(Answers.start(engine, request(0, scope)));
      int prompt = prompts.getFirst().length;
      assertThat(again.end().cachedPromptTokens()).isEqualTo((prompt - 1) / 16 * 16);
      assertThat(again.end().promptTokens()).isEqualTo(prompt);
      Answers.Whole stranger =
          Answers.read(Answers.start(engine, request(0, CacheScope.of(CacheNamespace.random()))));
      assertThat(stranger.end().cachedPromptTokens()).as("another namespace").isZero();
    }
  }

  @Test
  void publicTokensAreSharedByAllAndNoMore() {
    int shared = 40;
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      for (int tenant = 0; tenant < 2; tenant++) {
        CacheScope scope = new CacheScope(CacheNamespace.random(), shared);
        Answers.Whole answer = Answers.read(Answers.start(engine, request(0, scope)));
        assertThat(answer.end().cachedPromptTokens()).isEqualTo(tenant == 0 ? 0 : shared / 16 * 16);
      }
    }
  }

  /** The negative control: sums whose order depends on the company are found out. */
  @Test
  void anOrderOfSumsThatDependsOnTheBatchIsFound() {
    EngineSettings variant = settings.withQueue(8, 64).withStep(40, 24);
    Run run = together(variant, BatchDependentKernels::of, CacheScope.NONE);
    assertThat(differing(run.recorded())).isNotEmpty();
  }

  private long blockBytes() {
    try (GgufFile file = GgufFile.open(settings.weights())) {
      return KvCache.blockBytes(LlamaConfig.from(file.metadata()));
    }
  }

  private record Run(List<LogitsRecorder.Recorded> recorded, EngineStatistics statistics) {}

  private Run together(EngineSettings variant, UnaryOperator<Kernels> kernels, CacheScope scope) {
    var recorder = new LogitsRecorder(kernels);
    try (Engine engine = LocalEngine.load(variant, LoadListener.NONE, recorder)) {
      return new Run(run(engine, recorder, scope), engine.statistics());
    }
  }

  private List<LogitsRecorder.Recorded> run(
      Engine engine, LogitsRecorder recorder, CacheScope scope) {
    recorder.clear();
    List<Generation> generations = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      generations.add(Answers.start(engine, request(i, scope)));
    }
    generations.forEach(Answers::read);
    List<LogitsRecorder.Recorded> recorded = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      recorded.add(recorder.of(key(i)));
    }
    return recorded;
  }

  private void assertSame(List<LogitsRecorder.Recorded> recorded) {
    assertThat(differing(recorded)).isEmpty();
  }

  private List<Integer> differing(List<LogitsRecorder.Recorded> recorded) {
    List<Integer> differing = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      if (!recorded.get(i).equals(alone.get(i))) {
        differing.add(i);
      }
    }
    return differing;
  }

  private static GenerationRequest request(int i, CacheScope scope) {
    var sampling =
        new SamplingParams(i % 3 == 0 ? 0 : 0.9f, i % 2 == 0 ? 1 : 0.8f, i, 12 + i, List.of());
    Priority priority = i % 5 == 0 ? Priority.BATCH : Priority.INTERACTIVE;
    var terms = new ServiceTerms(key(i), 1 + i % 3, priority, null);
    return new GenerationRequest(prompts.get(i), sampling, terms, scope);
  }

  private static String key(int i) {
    return "request-" + i;
  }

  /** Prompts of all lengths, most of which begin alike. */
  private static List<int[]> prompts() {
    Random random = new Random(5);
    int[] text = random.ints(120, 2, 250).toArray();
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      int[] prompt = Arrays.copyOf(text, 50 + random.nextInt(70));
      for (int k = random.nextInt(prompt.length); k < prompt.length; k++) {
        prompt[k] = 2 + random.nextInt(248);
      }
      prompts.add(prompt);
    }
    return prompts;
  }
}
