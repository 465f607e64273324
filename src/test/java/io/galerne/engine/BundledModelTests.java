package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bundled weights against llama.cpp's answers in 32-bit arithmetic. */
class BundledModelTests {
  /** Below it the reference's own choice hangs on the order of its additions. */
  private static final float NEAR_TIE = 0.01f;

  private static Engine engine;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void load() {
    engine = Engine.load(EngineSettings.of(GreedyReference.WEIGHTS), LoadListener.NONE);
    try (GgufFile file = GgufFile.open(GreedyReference.WEIGHTS)) {
      tokenizer = Tokenizers.fromGguf(file.metadata());
    }
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void greedyAnswersAreThoseOfTheReferenceAloneAndTogether() {
    List<GreedyReference.Prompt> prompts = GreedyReference.prompts();
    List<String> alone = new ArrayList<>();
    for (GreedyReference.Prompt prompt : prompts) {
      Answers.Whole answer = Answers.answer(engine, prompt.ids(), Answers.greedy(64));
      alone.add(answer.text());
      assertThat(answer.text()).startsWith(decided(prompt));
      assertThat(answer.streamedTokens()).isEqualTo(answer.end().completionTokens());
    }
    assertThat(alone.getFirst()).isEqualTo("The capital of France is Paris.");
    List<Generation> together =
        prompts.stream().map(p -> Answers.start(engine, p.ids(), Answers.greedy(64))).toList();
    assertThat(together.stream().map(g -> Answers.read(g).text())).isEqualTo(alone);
  }

  /** The reference's text up to its first near tie. */
  private static String decided(GreedyReference.Prompt prompt) {
    int[] ids = Arrays.copyOf(prompt.greedyIds(), prompt.decidedSteps(NEAR_TIE));
    var text = new AnswerText(List.of());
    for (int id : ids) {
      if (!tokenizer.isEndOfGeneration(id)) {
        text.append(tokenizer.bytes(id));
      }
    }
    return text.release(false);
  }
}
