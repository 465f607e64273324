package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.grammar.Validator;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.Sequence;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls of tools where {@code [TOOL_CALLS]} is a control token and texts begin with SentencePiece's
 * blank: a random model of Mistral's making, held to its format.
 */
// JUnit sets the static fields before the first test.
@SuppressWarnings("NullAway.Init")
class MistralToolCallTests {
  private static final int[] PROMPT = {1, 3, 290, 291, 292, 4};
  private static final int ANSWERS = 40;
  private static final List<ToolDefinition> TOOLS =
      List.of(
          new ToolDefinition(
              "weather",
              "",
              """
              {"type": "object", "required": ["city", "days"], "additionalProperties": false,
               "properties": {"city": {"enum": ["Paris", "Rome", "Graz"]},
                 "days": {"type": "integer", "minimum": 1, "maximum": 14},
                 "note": {"type": "string", "maxLength": 6}}}\
              """),
          new ToolDefinition(
              "convert",
              "",
              """
              {"type": "object", "required": ["amounts"], "additionalProperties": false,
               "properties": {"amounts": {"type": "array", "minItems": 1, "maxItems": 3,
                 "items": {"type": "number", "minimum": 0, "maximum": 100}}}}\
              """));
  private static final Map<String, String> SCHEMAS =
      TOOLS.stream().collect(Collectors.toMap(ToolDefinition::name, ToolDefinition::parameters));

  @TempDir static Path folder;
  private static EngineSettings settings;

  @BeforeAll
  static void write() {
    Path weights = TinyMistral.v3(GgmlType.Q8_0, 9).write(folder.resolve("mistral.gguf"));
    settings = EngineSettings.of(weights).withThreads(2).withQueue(16, 200);
  }

  private static OutputFormat calls(ToolChoice choice, boolean parallel) {
    return new OutputFormat.ToolCalls(TOOLS, choice, parallel);
  }

  private static Answers.Whole answer(Engine engine, OutputFormat format, int seed) {
    var sampling = new SamplingParams(1, 1, seed, 400, List.of());
    return Answers.read(
        Answers.start(
            engine,
            new GenerationRequest(
                PROMPT,
                sampling,
                ServiceTerms.DEFAULT,
                CacheScope.NONE,
                engine.constrain(format))));
  }

  private static void assertValid(Answers.Whole answer) {
    for (ToolCall call : answer.calls()) {
      assertThat(call.id()).matches("[a-zA-Z0-9]{9}");
      assertThat(Validator.errors(SCHEMAS.getOrDefault(call.name(), "false"), call.arguments()))
          .as("%s", call)
          .isEmpty();
    }
    assertThat(answer.calls()).extracting(ToolCall::id).doesNotHaveDuplicates();
  }

  @Test
  void whatMustCallDoesSoAndEveryCallIsValid() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      assertThat(engine.toolCallFormat().startIsControlToken()).isTrue();
      List<Integer> counts = new ArrayList<>();
      for (int seed = 0; seed < ANSWERS; seed++) {
        boolean parallel = seed % 2 == 0;
        ToolChoice choice = seed % 8 < 2 ? new ToolChoice.Named("convert") : new ToolChoice.Any();
        Answers.Whole answer = answer(engine, calls(choice, parallel), seed);
        assertValid(answer);
        assertThat(answer.text()).isEmpty();
        if (answer.end().reason() == FinishReason.LENGTH) {
          continue;
        }
        assertThat(answer.end().reason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(answer.calls()).hasSizeBetween(1, parallel ? 100 : 1);
        if (seed % 8 < 2) {
          assertThat(answer.calls()).extracting(ToolCall::name).containsOnly("convert");
        }
        counts.add(answer.calls().size());
      }
      assertThat(counts).hasSizeGreaterThan(ANSWERS * 3 / 4).contains(1).anyMatch(n -> n > 1);
    }
  }

  /** Makes the model write these tokens first. */
  private static EngineProbe scripted(int... script) {
    return new EngineProbe() {
      @Override
      public void logits(Sequence sequence, float[] logits, int offset) {
        int at = sequence.generated();
        if (at < script.length) {
          logits[offset + script[at]] = 1e6f;
        }
      }
    };
  }

  private static int[] spelled(String text) {
    return text.chars().map(letter -> TinyMistral.token((char) letter)).toArray();
  }

  @Test
  void theControlTokenBeginsCallsWithinAnAnswer() {
    int[] script = spelled("I call ");
    int[] marked = Arrays.copyOf(script, script.length + 1);
    marked[script.length] = TinyMistral.TOOL_CALLS;
    try (Engine engine = LocalEngine.load(settings, LoadListener.NONE, scripted(marked))) {
      for (boolean parallel : new boolean[] {false, true}) {
        Answers.Whole answer = answer(engine, calls(new ToolChoice.Auto(), parallel), 3);
        assertThat(answer.text()).isEqualTo("I call ");
        assertThat(answer.end().reason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(answer.calls()).isNotEmpty();
        assertValid(answer);
      }
    }
  }

  @Test
  void itsNameInLettersIsText() {
    String text = "[TOOL_CALLS] [{\"name\": \"weather\"}]";
    int[] letters = spelled(text);
    int[] ended = Arrays.copyOf(letters, letters.length + 1);
    ended[letters.length] = TinyMistral.END;
    try (Engine engine = LocalEngine.load(settings, LoadListener.NONE, scripted(ended))) {
      Answers.Whole answer = answer(engine, calls(new ToolChoice.Auto(), true), 3);
      assertThat(answer.text()).isEqualTo(text);
      assertThat(answer.calls()).isEmpty();
      assertThat(answer.end().reason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void aModelThatAlwaysWantsTheControlTokenGetsItWhereACallMayBeginOnly() {
    EngineProbe eager =
        new EngineProbe() {
          @Override
          public void logits(Sequence sequence, float[] logits, int offset) {
            logits[offset + TinyMistral.TOOL_CALLS] = 1e6f;
          }
        };
    try (Engine engine = LocalEngine.load(settings, LoadListener.NONE, eager)) {
      for (int seed = 0; seed < 5; seed++) {
        Answers.Whole called = answer(engine, calls(new ToolChoice.Auto(), false), seed);
        assertThat(called.text()).isEmpty();
        assertThat(called.calls()).hasSize(1);
        assertValid(called);
        String schema = SCHEMAS.getOrDefault("weather", "");
        Answers.Whole document = answer(engine, new OutputFormat.JsonSchema(schema), seed);
        assertThat(document.calls()).isEmpty();
        assertThat(Validator.errors(schema, document.text())).as(document.text()).isEmpty();
      }
    }
  }
}
