package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.grammar.RandomSchemas;
import io.galerne.engine.grammar.Validator;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.Sequence;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.ToolDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of a random model that is held to formats it knows nothing of. */
// JUnit sets the static fields before the first test.
@SuppressWarnings("NullAway.Init")
class ConstrainedAnswersTests {
  private static final int SCHEMAS = 80;
  private static final int[] PROMPT = {0, 40, 41, 42};
  private static final ToolDefinition ADD =
      new ToolDefinition(
          "add",
          "",
          "{\"properties\":{\"a\":{\"enum\":[1,20]}},\"required\":[\"a\"],"
              + "\"additionalProperties\":false}");
  private static final String LETTERS =
      "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"maxLength\":14}},"
          + "\"required\":[\"a\"],\"additionalProperties\":false}";
  private static final OutputFormat CALL_OR_LETTERS =
      new OutputFormat.ToolCalls(
          List.of(ADD), new ToolChoice.Auto(), false, new OutputFormat.JsonSchema(LETTERS));

  @TempDir static Path folder;
  private static EngineSettings settings;

  @BeforeAll
  static void write() {
    Path weights = TinyModel.writer(GgmlType.Q8_0, 5).write(folder.resolve("tiny.gguf"));
    settings = EngineSettings.of(weights).withThreads(2).withQueue(16, 200).withStep(64, 48);
  }

  private record Asked(String schema, GenerationRequest request) {}

  @Test
  void whatIsFinishedIsValid() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      int finished = 0;
      List<Asked> asked = asked(engine);
      List<Answers.Whole> answers = together(engine, asked);
      for (int i = 0; i < asked.size(); i++) {
        Answers.Whole answer = answers.get(i);
        if (answer.end().reason() == FinishReason.STOP) {
          finished++;
          assertThat(Validator.errors(asked.get(i).schema(), answer.text()))
              .as("%s: %s", asked.get(i).schema(), answer.text())
              .isEmpty();
        } else {
          assertThat(answer.end().reason()).isEqualTo(FinishReason.LENGTH);
          assertThat(answer.end().completionTokens())
              .isEqualTo(asked.get(i).request().sampling().maxTokens());
        }
      }
      System.out.printf("%d of %d answers finished, all valid%n", finished, asked.size());
      assertThat(finished).isGreaterThan(asked.size() / 3);
      assertThat(engine.statistics().generatedTokens())
          .isEqualTo(answers.stream().mapToLong(a -> a.end().completionTokens()).sum());
    }
  }

  @Test
  void aMaskThatAllowsEverythingIsFound() {
    EngineProbe broken =
        new EngineProbe() {
          @Override
          public void mask(Sequence sequence, long[] allowed) {
            Arrays.fill(allowed, -1);
            allowed[allowed.length - 1] = 7;
          }
        };
    try (Engine engine = LocalEngine.load(settings, LoadListener.NONE, broken)) {
      assertThat(together(engine, asked(engine)))
          .anyMatch(answer -> answer.end().reason() == FinishReason.ERROR);
    }
  }

  @Test
  void companyChunksAndPreemptionChangeNothing() {
    List<Answers.Whole> alone = new ArrayList<>();
    try (Engine engine = Engine.load(settings.withThreads(1), LoadListener.NONE)) {
      for (Asked one : asked(engine)) {
        alone.add(Answers.read(Answers.start(engine, one.request())));
      }
    }
    EngineSettings crowded = settings.withKvMemoryBytes(128 << 10).withStep(24, 9);
    try (Engine engine = Engine.load(crowded, LoadListener.NONE)) {
      assertThat(content(together(engine, asked(engine)))).isEqualTo(content(alone));
      assertThat(engine.statistics().preemptions()).isPositive();
    }
  }

  @Test
  void whatMustFollowSkipsTheModelAndKeepsTheBound() {
    String text = "The quick brown fox jumps over the lazy dog";
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      var format = new OutputFormat.Choice(List.of(text + "!", text + "?"));
      Constraint constraint = engine.constrain(format);
      Answers.Whole whole = answer(engine, constraint, 100);
      assertThat(whole.text()).startsWith(text).hasSize(text.length() + 1);
      assertThat(whole.end().reason()).isEqualTo(FinishReason.STOP);
      assertThat(engine.statistics().steps()).isLessThan(5);
      for (int bound : List.of(1, 7, text.length())) {
        Answers.Whole cut = answer(engine, constraint, bound);
        assertThat(cut.end().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(cut.end().completionTokens()).isEqualTo(bound);
        assertThat(cut.text()).isEqualTo(text.substring(0, bound));
      }
      Answers.Whole only =
          answer(engine, engine.constrain(new OutputFormat.Choice(List.of(text))), 100);
      assertThat(only.text()).isEqualTo(text);
    }
  }

  @Test
  void aModelThatBeginsACallInItsTextFinishesIt() {
    String script = "I <tool> will <tool_call>";
    try (Engine engine = LocalEngine.load(settings, LoadListener.NONE, writing(script))) {
      Constraint constraint =
          engine.constrain(new OutputFormat.ToolCalls(List.of(ADD), new ToolChoice.Auto(), false));
      Answers.Whole answer = answer(engine, constraint, 200);
      assertThat(answer.text()).isEqualTo("I <tool> will ");
      assertThat(answer.end().reason()).isEqualTo(FinishReason.TOOL_CALLS);
      assertThat(answer.calls()).hasSize(1);
      assertThat(answer.calls().getFirst().name()).isEqualTo("add");
      assertThat(answer.calls().getFirst().arguments()).matches("\\{\"a\":(1|20)}");
      assertThat(answer.calls()).isEqualTo(answer(engine, constraint, 200).calls());
      Answers.Whole cut = answer(engine, constraint, script.length() + 12);
      assertThat(cut.calls()).isEmpty();
      assertThat(cut.end().reason()).isEqualTo(FinishReason.LENGTH);
    }
  }

  /** What a call begins with is text within a document, and text is none before a call. */
  @Test
  void anAnswerIsADocumentOrACall() {
    for (String begun : List.of("{\"a\":\"<tool_call>", "<tool_call>")) {
      EngineProbe scripted = writing(begun);
      try (Engine engine = LocalEngine.load(settings, LoadListener.NONE, scripted)) {
        Answers.Whole answer = answer(engine, engine.constrain(CALL_OR_LETTERS), 200);
        if (begun.startsWith("<")) {
          assertThat(answer.end().reason()).isEqualTo(FinishReason.TOOL_CALLS);
          assertThat(answer.text()).isEmpty();
          assertThat(answer.calls()).hasSize(1);
        } else {
          assertThat(answer.end().reason()).isEqualTo(FinishReason.STOP);
          assertThat(answer.text()).startsWith(begun);
          assertThat(Validator.errors(LETTERS, answer.text())).as(answer.text()).isEmpty();
          assertThat(answer.calls()).isEmpty();
        }
      }
    }
  }

  @Test
  void anAnswerGoesOnWithTheBeginningOfItsDocument() {
    try (Engine engine = Engine.load(settings, LoadListener.NONE)) {
      for (OutputFormat format : List.of(new OutputFormat.JsonSchema(LETTERS), CALL_OR_LETTERS)) {
        Constraint whole = engine.constrain(format);
        for (String prefix : List.of("{", "{\"a\": ", "{\"a\":\"<tool", "{\"a\":\"b\"}")) {
          Answers.Whole rest = answer(engine, whole.after(prefix).orElseThrow(), 100);
          assertThat(rest.end().reason()).isEqualTo(FinishReason.STOP);
          assertThat(Validator.errors(LETTERS, prefix + rest.text()))
              .as(prefix + rest.text())
              .isEmpty();
        }
        assertThat(whole.after("[")).isEmpty();
        assertThat(whole.after("<tool_call>")).isEmpty();
        assertThat(whole.after("")).contains(whole);
      }
      Constraint call = engine.constrain(tools(ADD));
      assertThat(call.after("<tool_call>")).isEmpty();
      Constraint free =
          engine.constrain(new OutputFormat.ToolCalls(List.of(ADD), new ToolChoice.Auto(), true));
      assertThat(free.after("Well, ")).contains(free);
    }
  }

  @Test
  void refusalsNameTheToolAndTheField() {
    var good = new ToolDefinition("good", "", "{}");
    var bad = new ToolDefinition("bad", "", "{\"properties\":{\"a\":{\"$dynamicRef\":\"#x\"}}}");
    var number = new ToolDefinition("number", "", "{\"type\":\"number\"}");
    try (Engine engine = Engine.load(settings, LoadListener.NONE);
        Engine other = Engine.load(settings, LoadListener.NONE)) {
      assertThatThrownBy(() -> engine.constrain(tools(good, bad)))
          .isInstanceOfSatisfying(
              GrammarException.class,
              e -> assertThat(e.pointer()).isEqualTo("/tools/1/parameters/properties/a"));
      assertThatThrownBy(() -> engine.constrain(tools(good, number)))
          .isInstanceOf(GrammarException.class)
          .hasMessageContaining("/tools/1/parameters");
      assertThatThrownBy(() -> engine.constrain(tools(good, good)))
          .isInstanceOf(GrammarException.class);
      Constraint foreign = other.constrain(new OutputFormat.JsonObject());
      assertThatThrownBy(() -> answer(engine, foreign, 5))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(engine.constrain(tools(good))).isSameAs(engine.constrain(tools(good)));
    }
  }

  private static OutputFormat tools(ToolDefinition... tools) {
    return new OutputFormat.ToolCalls(List.of(tools), new ToolChoice.Any(), true);
  }

  /** Makes a model wish to begin with a text. */
  private static EngineProbe writing(String script) {
    return new EngineProbe() {
      @Override
      public void logits(Sequence sequence, float[] logits, int offset) {
        int at = sequence.generated();
        if (at < script.length()) {
          logits[offset + token(script.charAt(at))] = 1e6f;
        }
      }
    };
  }

  /** The token of a printable character in the tiny model's vocabulary. */
  private static int token(char character) {
    return 2 + character;
  }

  private static Answers.Whole answer(Engine engine, Constraint constraint, int tokensMax) {
    var sampling = new SamplingParams(1, 1, 3, tokensMax, List.of());
    return Answers.read(
        Answers.start(
            engine,
            new GenerationRequest(
                PROMPT, sampling, ServiceTerms.DEFAULT, CacheScope.NONE, constraint)));
  }

  private static List<Asked> asked(Engine engine) {
    CacheScope scope = CacheScope.of(CacheNamespace.random());
    List<Asked> asked = new ArrayList<>();
    for (int seed = 0; asked.size() < SCHEMAS; seed++) {
      String schema = new RandomSchemas(seed).next();
      Optional<Constraint> constraint = compile(engine, schema);
      if (constraint.isPresent()) {
        var sampling = new SamplingParams(1.5f, 1, seed, 120, List.of());
        asked.add(
            new Asked(
                schema,
                new GenerationRequest(
                    PROMPT, sampling, ServiceTerms.DEFAULT, scope, constraint.get())));
      }
    }
    return asked;
  }

  private static Optional<Constraint> compile(Engine engine, String schema) {
    try {
      return Optional.of(engine.constrain(new OutputFormat.JsonSchema(schema)));
    } catch (GrammarException _) {
      return Optional.empty();
    }
  }

  private static List<Answers.Whole> together(Engine engine, List<Asked> asked) {
    List<Generation> generations =
        asked.stream().map(one -> Answers.start(engine, one.request())).toList();
    return generations.stream().map(Answers::read).toList();
  }

  private static List<List<Object>> content(List<Answers.Whole> answers) {
    return answers.stream()
        .map(a -> List.<Object>of(a.text(), a.end().reason(), a.end().completionTokens()))
        .toList();
  }
}
