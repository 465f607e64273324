package io.galerne.engine;

import static io.galerne.engine.Answers.greedy;
import static io.galerne.engine.Answers.read;
import static io.galerne.engine.Answers.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.TokenAllowance.Verdict;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.sampling.TokenHistory;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.Sequence;
import io.galerne.engine.scheduler.ServiceTerms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guessed tokens make answers faster and never different. */
// JUnit sets the static fields before the first test.
@SuppressWarnings("NullAway.Init")
class SpeculationTests {
  private static final int MAX = 120;

  @TempDir static Path folder;
  private static EngineSettings settings;

  @BeforeAll
  static void write() {
    Path weights = TinyModel.writer(GgmlType.Q8_0, 11).write(folder.resolve("tiny.gguf"));
    settings = EngineSettings.of(weights).withThreads(2);
  }

  private static TokenHistory said(int... tokens) {
    return new Sequence(tokens, greedy(1));
  }

  @Test
  void guessesWhatFollowedTheSameThreeTokensLast() {
    Speculation speculation = new Speculation();
    assertThat(speculation.guess(said(1, 2, 3, 9, 8, 7, 1, 2, 3), 8)).isEqualTo(3);
    assertThat(List.of(speculation.draft(0), speculation.draft(1), speculation.draft(2)))
        .containsExactly(9, 8, 7);
    assertThat(speculation.guess(said(1, 2, 3, 9, 1, 2, 3, 5, 6, 1, 2, 3), 1)).isEqualTo(1);
    assertThat(speculation.draft(0)).isEqualTo(5);
    assertThat(speculation.guess(said(4, 4, 4, 4), 8)).isEqualTo(1);
    assertThat(speculation.guess(said(1, 2, 3, 9, 2, 3), 8)).isZero();
    assertThat(speculation.guess(said(1, 2, 3), 8)).isZero();
    assertThat(speculation.guess(said(1, 2, 3, 9, 1, 2, 3), 0)).isZero();
    assertThat(speculation.guess(said(1, 2, 3, 9, 1, 2, 3), -1)).isZero();
  }

  @Test
  void guessesFurtherAfterAGoodGuessAndLessAfterABadOne() {
    int[] period = new int[64];
    for (int i = 0; i < period.length; i++) {
      period[i] = i % 20;
    }
    Speculation speculation = new Speculation();
    assertThat(speculation.guess(said(period), 15)).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(speculation.confirms(speculation.draft(i))).isTrue();
    }
    assertThat(speculation.confirms(speculation.draft(3))).isFalse();
    speculation.learn();
    assertThat(speculation.guess(said(period), 15)).isEqualTo(6);
    assertThat(speculation.confirms(-1)).isFalse();
    for (int pause : new int[] {1, 2, 4}) {
      speculation.learn();
      for (int i = 0; i < pause; i++) {
        assertThat(speculation.guess(said(period), 15)).as("%d of %d", i, pause).isZero();
        speculation.learn();
      }
      assertThat(speculation.guess(said(period), 15)).isEqualTo(1);
      assertThat(speculation.confirms(-1)).isFalse();
    }
  }

  private record Asked(int[] prompt, SamplingParams params) {}

  private static List<Asked> questions() {
    var penalties = new Adjustments(0.5f, 0.5f, 1.1f, Map.of(), 0, 0, 0);
    List<Asked> questions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int[] prompt = new Random(i).ints(8 + i, 4, 4 + 2 + i % 7).toArray();
      Adjustments adjustments = i % 5 == 4 ? penalties : Adjustments.NONE;
      List<String> stop = i % 3 == 2 ? List.of("ab", "e") : List.of();
      float temperature = i % 4 == 0 ? 0 : 0.1f * (i % 9);
      questions.add(
          new Asked(
              prompt,
              new SamplingParams(
                  temperature, 1, i, i % 2 == 0 ? MAX : 1 + i, stop, adjustments, i % 6 - 1)));
    }
    return questions;
  }

  private static List<Answers.Whole> answers(EngineSettings variant) {
    try (Engine engine = Engine.load(variant, LoadListener.NONE)) {
      return questions().stream()
          .map(asked -> read(start(engine, asked.prompt(), asked.params())))
          .toList();
    }
  }

  @Test
  void answersAreTheSameWithAnyNumberOfGuessesAndAnyBounds() {
    List<Answers.Whole> plain = answers(settings.withDraftTokensMax(0));
    for (int drafts : new int[] {1, 2, 8, 100}) {
      assertThat(answers(settings.withDraftTokensMax(drafts))).isEqualTo(plain);
    }
    assertThat(answers(settings.withQueue(1, 4))).isEqualTo(plain);
    assertThat(answers(settings.withQueue(3, 4).withStep(4, 1))).isEqualTo(plain);
  }

  /** Steps that an answer takes which the model repeats itself in. */
  private static long steps(EngineSettings variant, GenerationRequest request, String expected) {
    try (Engine engine = Engine.load(variant, LoadListener.NONE)) {
      assertThat(read(start(engine, request)).text()).isEqualTo(expected);
      assertThat(engine.statistics().generatedTokens()).isEqualTo(MAX);
      assertThat(engine.statistics().promptTokens())
          .as("guessed tokens are nobody's prompt")
          .isEqualTo(request.promptTokens().length - 1);
      return engine.statistics().steps();
    }
  }

  @Test
  void repetitionsTakeFewerSteps() {
    GenerationRequest request = new GenerationRequest(new int[] {4, 5, 6}, ended());
    String expected;
    try (Engine engine = Engine.load(settings.withDraftTokensMax(0), LoadListener.NONE)) {
      expected = read(start(engine, request)).text();
    }
    assertThat(steps(settings.withDraftTokensMax(0), request, expected)).isEqualTo(MAX);
    assertThat(steps(settings, request, expected)).isLessThan(2 * MAX / 3);
  }

  private static SamplingParams ended() {
    var whole = new Adjustments(0, 0, 1, Map.of(), MAX, 0, 0);
    return new SamplingParams(0, 1, 0, MAX, List.of(), whole, SamplingParams.NO_LOGPROBS);
  }

  @Test
  void anAllowanceIsAskedForEachTokenAndHoldsWithinAGuess() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      String whole =
          read(start(engine, new GenerationRequest(new int[] {4, 5, 6}, ended()))).text();
      for (int tokens = 0; tokens < MAX; tokens += 7) {
        AtomicInteger left = new AtomicInteger(tokens);
        AtomicInteger asked = new AtomicInteger();
        TokenAllowance allowance =
            () -> {
              if (asked.incrementAndGet() % 3 == 0) {
                return Verdict.NOT_YET;
              }
              return left.getAndDecrement() > 0 ? Verdict.GRANTED : Verdict.DENIED;
            };
        Answers.Whole cut = read(start(engine, request(allowance)));
        assertThat(cut.end().reason()).isEqualTo(FinishReason.ALLOWANCE);
        assertThat(cut.end().completionTokens()).isEqualTo(tokens);
        assertThat(whole).startsWith(cut.text());
      }
    }
  }

  private static GenerationRequest request(TokenAllowance allowance) {
    return new GenerationRequest(
        new int[] {4, 5, 6}, ended(), ServiceTerms.DEFAULT, CacheScope.NONE, null, null, allowance);
  }

  @Test
  void whatWasGuessedWronglyIsNotFoundInTheCache() {
    CacheScope scope = CacheScope.of(CacheNamespace.PUBLIC);
    List<String> texts = new ArrayList<>();
    for (int drafts : new int[] {0, 8}) {
      try (Engine engine = Engine.load(settings.withDraftTokensMax(drafts), LoadListener.NONE)) {
        StringBuilder text = new StringBuilder();
        for (Asked asked : questions()) {
          int[] prompt = asked.prompt();
          for (int turn = 0; turn < 3; turn++) {
            var request =
                new GenerationRequest(prompt, asked.params(), ServiceTerms.DEFAULT, scope);
            text.append(read(start(engine, request)).text()).append('\n');
          }
        }
        texts.add(text.toString());
      }
    }
    assertThat(texts.getLast()).isEqualTo(texts.getFirst());
  }
}
