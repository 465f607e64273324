package io.galerne.engine;

import static io.galerne.engine.Answers.greedy;
import static io.galerne.engine.Answers.read;
import static io.galerne.engine.Answers.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers whose draws are adjusted, explained or shared, on a tiny random model. */
// JUnit sets the static fields before the first test.
@SuppressWarnings("NullAway.Init")
class AdjustedAnswersTests {
  private static final int END = 1;
  private static final int[] PROMPT = {5, 6, 7};
  private static final Adjustments NONE = Adjustments.NONE;

  @TempDir static Path folder;
  private static EngineSettings settings;

  @BeforeAll
  static void write() {
    Path weights = TinyModel.writer(GgmlType.Q8_0, 11).write(folder.resolve("tiny.gguf"));
    settings = EngineSettings.of(weights).withThreads(2);
  }

  private static SamplingParams params(
      float temperature, int maxTokens, List<String> stop, Adjustments adjustments, int logprobs) {
    return new SamplingParams(temperature, 1, 9, maxTokens, stop, adjustments, logprobs);
  }

  private static Adjustments minTokens(int tokens) {
    return new Adjustments(0, 0, 1, Map.of(END, 100f), tokens, 0, 0);
  }

  private record Explained(String text, List<TokenLogprobs> tokens, int completionTokens) {}

  private static Explained explained(Engine engine, GenerationRequest request)
      throws InterruptedException {
    StringBuilder text = new StringBuilder();
    List<TokenLogprobs> tokens = new ArrayList<>();
    Generation generation = start(engine, request);
    while (true) {
      switch (generation.next()) {
        case GenerationEvent.Text(String piece, int _, List<TokenLogprobs> logprobs) -> {
          text.append(piece);
          tokens.addAll(logprobs);
        }
        case GenerationEvent.ToolCall call -> throw new AssertionError(call);
        case GenerationEvent.Finished end -> {
          return new Explained(text.toString(), tokens, end.completionTokens());
        }
      }
    }
  }

  @Test
  void anAnswerDoesNotEndBeforeItsLeastTokens() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      for (int least : List.of(0, 1, 17)) {
        SamplingParams params = params(0, 40, List.of(), minTokens(least), -1);
        assertThat(read(start(engine, PROMPT, params)).end())
            .isEqualTo(new GenerationEvent.Finished(FinishReason.STOP, 3, least));
      }
    }
  }

  @Test
  void stopTextsCountAfterTheLeastTokens() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      String whole = read(start(engine, PROMPT, greedy(60))).text();
      String first = whole.substring(0, 1);
      Adjustments least = new Adjustments(0, 0, 1, Map.of(), 9, 0, 0);
      SamplingParams stopped = params(0, 60, List.of(first), least, -1);
      Answers.Whole answer = read(start(engine, PROMPT, stopped));
      assertThat(answer.end().completionTokens()).isGreaterThanOrEqualTo(8);
      assertThat(whole).startsWith(answer.text());
      assertThat(read(start(engine, PROMPT, params(0, 60, List.of(first), NONE, -1))).text())
          .isEmpty();
    }
  }

  @Test
  void penaltiesKeepAnAnswerFromRepeatingWhateverTheCompany() {
    Adjustments penalties = new Adjustments(2, 2, 1.5f, Map.of(), 0, 0, 0);
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      String plain = read(start(engine, PROMPT, greedy(80))).text();
      String varied = read(start(engine, PROMPT, params(0, 80, List.of(), penalties, -1))).text();
      assertThat(varied.chars().distinct().count()).isGreaterThan(plain.chars().distinct().count());
      List<Generation> together = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        Adjustments mine = i % 3 == 0 ? penalties : minTokens(i);
        together.add(start(engine, PROMPT, params(0, 80, List.of(), mine, i % 2 - 1)));
      }
      for (int i = 0; i < 9; i++) {
        String text = read(together.get(i)).text();
        if (i % 3 == 0) {
          assertThat(text).as("answer %d", i).isEqualTo(varied);
        }
      }
    }
  }

  @Test
  void probabilitiesAreThoseOfTheModelForEveryTokenOfTheText() throws Exception {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      int vocabulary = engine.profile().vocabularySize();
      String plain = read(start(engine, PROMPT, greedy(30))).text();
      Explained greedy =
          explained(
              engine, new GenerationRequest(PROMPT, params(0, 30, List.of(), NONE, vocabulary)));
      assertThat(greedy.text()).isEqualTo(plain);
      assertThat(greedy.tokens()).hasSize(greedy.completionTokens());
      for (TokenLogprobs token : greedy.tokens()) {
        assertThat(token.drawn().token()).isEqualTo(token.top().getFirst().token());
        assertThat(token.top()).hasSize(vocabulary);
        assertThat(token.top().stream().mapToDouble(c -> Math.exp(c.logprob())).sum())
            .isCloseTo(1, within(1e-4));
        assertThat(token.top().stream().map(c -> -c.logprob())).isSorted();
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      greedy.tokens().forEach(token -> bytes.writeBytes(token.drawn().bytes()));
      assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(plain);
      Adjustments biased = new Adjustments(2, 0, 1, Map.of(40, 50f), 0, 3, 0);
      Explained changed =
          explained(engine, new GenerationRequest(PROMPT, params(1.5f, 1, List.of(), biased, 5)));
      assertThat(changed.tokens().getFirst().drawn().token()).isEqualTo(40);
      assertThat(changed.tokens().getFirst().top().getFirst().logprob())
          .as("bias and temperature are no part of what the model thinks")
          .isEqualTo(greedy.tokens().getFirst().top().getFirst().logprob());
    }
  }

  @Test
  void askingForProbabilitiesChangesNoAnswerThatIsHeldToAFormat() throws Exception {
    String schema =
        """
        {"type":"object","properties":{"name":{"enum":["one","another"]},"old":{"type":"boolean"}},
         "required":["name","old"],"additionalProperties":false}\
        """;
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      Constraint constraint = engine.constrain(new OutputFormat.JsonSchema(schema));
      for (Adjustments adjustments : List.of(NONE, new Adjustments(2, 2, 2, Map.of(), 4, 7, 0))) {
        String plain =
            read(start(engine, held(params(1, 99, List.of(), adjustments, -1), constraint))).text();
        Explained explained =
            explained(engine, held(params(1, 99, List.of(), adjustments, 2), constraint));
        assertThat(explained.text()).isEqualTo(plain).startsWith("{").endsWith("}");
        assertThat(explained.tokens()).hasSize(explained.completionTokens());
      }
    }
  }

  private static GenerationRequest held(SamplingParams params, Constraint constraint) {
    return new GenerationRequest(PROMPT, params, ServiceTerms.DEFAULT, CacheScope.NONE, constraint);
  }

  @Test
  void severalAnswersShareOnePrompt() {
    int[] prompt = new int[200];
    java.util.Arrays.fill(prompt, 33);
    CacheScope scope = CacheScope.of(CacheNamespace.random());
    try (Engine engine = Engine.load(settings.withStep(64, 48), LoadListener.NONE)) {
      String alone = read(start(engine, prompt, greedy(20))).text();
      long before = engine.statistics().promptTokens();
      List<Generation> together = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        together.add(
            start(
                engine,
                new GenerationRequest(
                    prompt,
                    greedy(20),
                    ServiceTerms.DEFAULT,
                    scope,
                    null,
                    i == 0 ? null : together.getFirst())));
      }
      for (int i = 0; i < 4; i++) {
        Answers.Whole answer = read(together.get(i));
        assertThat(answer.text()).isEqualTo(alone);
        assertThat(answer.end().cachedPromptTokens()).isEqualTo(i == 0 ? 0 : 192);
      }
      // of each prompt the last token counts as the answer's first step
      assertThat(engine.statistics().promptTokens() - before).isEqualTo(199 + 3 * 7);
    }
  }

  @Test
  void whoWaitsForAnotherStartsWhenThatOneIsGone() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      Generation leader = start(engine, new int[200], greedy(5));
      GenerationRequest request =
          new GenerationRequest(
              new int[200], greedy(5), ServiceTerms.DEFAULT, CacheScope.NONE, null, leader);
      Generation follower = start(engine, request);
      leader.cancel();
      assertThat(read(follower).end().reason()).isEqualTo(FinishReason.LENGTH);
      Generation late = start(engine, request);
      assertThat(read(late).end().reason()).isEqualTo(FinishReason.LENGTH);
    }
  }

  @Test
  void aClosedEngineEndsThoseThatWaitForAnother() {
    Generation follower;
    try (Engine engine = Engine.load(settings.withStep(2, 2), LoadListener.NONE)) {
      Generation leader = start(engine, new int[240], greedy(5));
      follower =
          start(
              engine,
              new GenerationRequest(
                  new int[240], greedy(5), ServiceTerms.DEFAULT, CacheScope.NONE, null, leader));
    }
    assertThat(read(follower).end().reason()).isEqualTo(FinishReason.CANCELLED);
  }
}
