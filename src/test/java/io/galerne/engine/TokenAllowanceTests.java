package io.galerne.engine;

import static io.galerne.engine.Answers.answer;
import static io.galerne.engine.Answers.greedy;
import static io.galerne.engine.Answers.read;
import static io.galerne.engine.Answers.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.TokenAllowance.Verdict;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that may have so many tokens and no more, or not yet. */
class TokenAllowanceTests {
  @TempDir Path folder;
  private EngineSettings settings;

  @BeforeEach
  void writeModel() {
    settings =
        EngineSettings.of(TinyModel.writer(GgmlType.Q8_0, 11).write(folder.resolve("tiny.gguf")))
            .withThreads(2);
  }

  private static GenerationRequest request(int[] prompt, int max, TokenAllowance allowance) {
    return new GenerationRequest(
        prompt, greedy(max), ServiceTerms.DEFAULT, CacheScope.NONE, null, null, allowance);
  }

  private static TokenAllowance only(int tokens) {
    AtomicInteger left = new AtomicInteger(tokens);
    return () -> left.getAndDecrement() > 0 ? Verdict.GRANTED : Verdict.DENIED;
  }

  @Test
  void anAnswerEndsToTheToken() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      int whole = answer(engine, new int[] {4, 5, 6}, greedy(40)).end().completionTokens();
      for (int tokens : new int[] {0, 1, 7, whole - 1}) {
        var cut = read(start(engine, request(new int[] {4, 5, 6}, 40, only(tokens))));
        assertThat(cut.end().reason()).isEqualTo(FinishReason.ALLOWANCE);
        assertThat(cut.end().completionTokens()).isEqualTo(tokens);
        assertThat(cut.streamedTokens()).isEqualTo(tokens);
      }
      // the token that ends an answer is no part of it
      var exact = read(start(engine, request(new int[] {4, 5, 6}, whole, only(whole))));
      assertThat(exact.end().completionTokens()).isEqualTo(whole);
      assertThat(exact.end().reason()).isNotEqualTo(FinishReason.ALLOWANCE);
    }
  }

  @Test
  void hesitationChangesNoAnswer() {
    // room for few sequences at once: those that rest are sent back and computed again, too
    var cramped = settings.withQueue(7, 64).withKvMemoryBytes(20 * 16 * 32 * 2 * 4 * 2);
    for (EngineSettings variant : List.of(settings, cramped)) {
      try (Engine engine = Engine.load(variant, LoadListener.NONE)) {
        List<String> alone = new ArrayList<>();
        List<Generation> hesitant = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          alone.add(answer(engine, new int[] {4 + i, 5, 6}, greedy(24)).text());
        }
        for (int i = 0; i < 12; i++) {
          Random random = new Random(i);
          TokenAllowance allowance =
              () -> random.nextInt(3) == 0 ? Verdict.GRANTED : Verdict.NOT_YET;
          hesitant.add(start(engine, request(new int[] {4 + i, 5, 6}, 24, allowance)));
        }
        assertThat(hesitant.stream().map(generation -> read(generation).text()).toList())
            .isEqualTo(alone);
      }
    }
  }

  @Test
  void whoRestsHoldsNobodyUpAndCanBeCancelled() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      AtomicBoolean open = new AtomicBoolean();
      TokenAllowance gate = () -> open.get() ? Verdict.GRANTED : Verdict.NOT_YET;
      Generation resting = start(engine, request(new int[] {4, 5}, 8, gate));
      Generation given = start(engine, request(new int[] {4, 6}, 8, () -> Verdict.NOT_YET));

      assertThat(answer(engine, new int[] {7, 8}, greedy(8)).end().completionTokens()).isPositive();
      given.cancel();
      assertThat(read(given).end().reason()).isEqualTo(FinishReason.CANCELLED);
      open.set(true);
      assertThat(read(resting).end().completionTokens())
          .isEqualTo(answer(engine, new int[] {4, 5}, greedy(8)).end().completionTokens());
      assertThat(engine.statistics().running()).isZero();
    }
  }
}
