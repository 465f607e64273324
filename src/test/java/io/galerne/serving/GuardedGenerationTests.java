package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.FinishReason;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.template.ToolCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What leaves a guarded answer, and which of its tokens are charged. */
class GuardedGenerationTests {
  private static final String CUT = "BAD";

  /** Tokens that were computed before anybody reads. */
  private static final class Recorded implements Generation {
    private final Queue<GenerationEvent> events = new ArrayDeque<>();
    private boolean cancelled;

    Recorded(String... tokens) {
      for (String token : tokens) {
        events.add(new GenerationEvent.Text(token, 1));
      }
      events.add(new GenerationEvent.Finished(FinishReason.STOP, 5, tokens.length));
    }

    @Override
    public GenerationEvent next() {
      return events.remove();
    }

    @Override
    public GenerationEvent next(Duration timeout) {
      return next();
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  /** Holds three letters back, and ends the text before the word. */
  private static final class Word implements OutputGuard {
    private final boolean chargesGenerated;
    private final StringBuilder held = new StringBuilder();
    private int passed;
    private boolean blocked;

    Word(boolean chargesGenerated) {
      this.chargesGenerated = chargesGenerated;
    }

    @Override
    public boolean idle() {
      return false;
    }

    @Override
    public String add(String text) {
      held.append(text);
      int found = held.indexOf(CUT);
      blocked = found >= 0;
      return take(blocked ? found : Math.max(0, held.length() - CUT.length() + 1));
    }

    @Override
    public String finish() {
      return blocked ? "" : take(held.length());
    }

    private String take(int length) {
      String out = held.substring(0, length);
      held.delete(0, length);
      passed += length;
      return out;
    }

    @Override
    public int passed() {
      return passed;
    }

    @Override
    public @Nullable ToolCall call(ToolCall call) {
      return call;
    }

    @Override
    public @Nullable GuardrailReport block() {
      return blocked ? new GuardrailReport(Map.of()) : null;
    }

    @Override
    public boolean chargesGenerated() {
      return chargesGenerated;
    }

    @Override
    public void settled() {}
  }

  private static String read(GuardedGeneration generation, int[] completionTokens)
      throws InterruptedException {
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (generation.next()) {
        case GenerationEvent.Text(String more, int _, var _) -> text.append(more);
        case GenerationEvent.ToolCall _ -> {}
        case GenerationEvent.Finished finished -> {
          completionTokens[0] = finished.completionTokens();
          return text + " " + finished.reason();
        }
      }
    }
  }

  /** Four tokens were generated when the word was whole; two of them had gone out. */
  @ParameterizedTest
  @CsvSource({"true, 4", "false, 2"})
  void aCutAnswerCostsWhatThePolicySays(boolean chargesGenerated, int tokens)
      throws InterruptedException {
    Recorded inner = new Recorded("Go", "od. ", "BA", "D", " and", " more");
    int[] charged = new int[1];

    String out = read(new GuardedGeneration(inner, new Word(chargesGenerated)), charged);

    assertThat(out).isEqualTo("Good.  ERROR");
    assertThat(charged[0]).isEqualTo(tokens);
    assertThat(inner.cancelled).isTrue();
  }

  @Test
  void anAnswerThatIsNotCutIsWholeAndChargedInFull() throws InterruptedException {
    int[] charged = new int[1];

    String out =
        read(
            new GuardedGeneration(new Recorded("Go", "od. ", "BA", "Y"), new Word(false)), charged);

    assertThat(out).isEqualTo("Good. BAY STOP");
    assertThat(charged[0]).isEqualTo(4);
  }

  @Test
  void nothingToJudgeNeedsNoGuard() {
    Generation plain = new Recorded("a");

    assertThat(GuardedGeneration.of(plain, OutputGuard.NONE)).isSameAs(plain);
    assertThat(List.of(GuardedGeneration.of(plain, new Word(true))))
        .first()
        .isInstanceOf(GuardedGeneration.class);
  }
}
