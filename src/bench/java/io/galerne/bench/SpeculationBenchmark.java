package io.galerne.bench;

import io.galerne.engine.Engine;
import io.galerne.engine.EngineSettings;
import io.galerne.engine.Generation;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.LoadListener;
import io.galerne.engine.Submission;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.PromptRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What guessing from what was said brings to one answer, turn by turn with guesses and without: for
 * answers that say again what their prompt says, and for those that don't.
 */
final class SpeculationBenchmark {
  private static final int TOKENS = 200;
  private static final int WARM_UPS = 3;
  private static final String LICENCE =
      "Unless required by applicable law or agreed to in writing, software distributed under the"
          + " License is distributed on an \"AS IS\" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY"
          + " KIND, either express or implied. See the License for the specific language governing"
          + " permissions and limitations under the License.";
  private static final String PROGRAM =
      """
      def mean(values):
          total = 0
          for value in values:
              total = total + value
          return total / len(values)

      def spread(values):
          middle = mean(values)
          total = 0
          for value in values:
              total = total + abs(value - middle)
          return total / len(values)
      """;
  private static final Map<String, String> QUESTIONS = questions();

  private SpeculationBenchmark() {}

  private static Map<String, String> questions() {
    Map<String, String> questions = new LinkedHashMap<>();
    questions.put("a text said again", "Repeat this text word for word: " + LICENCE);
    questions.put("a program with new names", "Rename total to result in this code:\n" + PROGRAM);
    questions.put("an open question", "Tell me how tides come about and who studied them first.");
    questions.put("a story", "Write a story about a lighthouse and its keeper.");
    return questions;
  }

  private record Run(double tokensPerSecond, long steps, String text) {}

  static void run(Path weights, int rounds, Path results) throws IOException {
    EngineSettings settings = EngineSettings.of(weights);
    StringBuilder report = new StringBuilder();
    try (Engine plain = Engine.load(settings.withDraftTokensMax(0), LoadListener.NONE);
        Engine guessing = Engine.load(settings, LoadListener.NONE)) {
      for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
        double[] without = new double[rounds];
        double[] with = new double[rounds];
        double steps = 0;
        for (int round = -WARM_UPS; round < rounds; round++) {
          Run one = ask(plain, question.getValue());
          Run other = ask(guessing, question.getValue());
          if (!one.text().equals(other.text())) {
            throw new IllegalStateException("guesses change an answer: " + question.getKey());
          }
          if (round >= 0) {
            without[round] = one.tokensPerSecond();
            with[round] = other.tokensPerSecond();
            steps = (double) other.steps() / one.steps();
          }
        }
        Arrays.sort(without);
        Arrays.sort(with);
        double before = without[rounds / 2];
        double after = with[rounds / 2];
        report.append(
            "%s: %.0f tokens/s without guesses, %.0f with: %.2f; %.2f of the steps%n"
                .formatted(question.getKey(), before, after, after / before, steps));
      }
    }
    Files.writeString(results.resolve("speculation.txt"), report);
    System.out.print(report);
  }

  private static Run ask(Engine engine, String question) {
    int[] prompt = engine.prompt(PromptRequest.of(List.of(new ChatMessage("user", question))));
    SamplingParams greedy = new SamplingParams(0, 1, 0, TOKENS, List.of());
    if (!(engine.submit(new GenerationRequest(prompt, greedy))
        instanceof Submission.Accepted(Generation generation))) {
      throw new IllegalStateException("the engine refused a prompt");
    }
    long steps = engine.statistics().steps();
    StringBuilder text = new StringBuilder();
    int tokens = 0;
    long first = 0;
    while (true) {
      switch (Asking.next(generation)) {
        case GenerationEvent.Text(String piece, int count, _) -> {
          if (first == 0) {
            first = System.nanoTime();
          } else {
            tokens += count;
          }
          text.append(piece);
        }
        case GenerationEvent.ToolCall call -> throw new IllegalStateException(call.toString());
        case GenerationEvent.Finished _ -> {
          double rate = tokens / ((System.nanoTime() - first) / 1e9);
          return new Run(rate, engine.statistics().steps() - steps, text.toString());
        }
      }
    }
  }
}
