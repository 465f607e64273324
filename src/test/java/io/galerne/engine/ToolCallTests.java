package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.grammar.Validator;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.CacheScope;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bundled model calls tools: whatever it writes, each call is valid for its tool. */
class ToolCallTests {
  private static final List<ToolDefinition> TOOLS =
      List.of(
          new ToolDefinition(
              "get_weather",
              "The weather of a place",
              """
              {"type": "object",
               "properties": {
                 "city": {"type": "string", "minLength": 1, "maxLength": 40},
                 "unit": {"enum": ["celsius", "fahrenheit"]},
                 "days": {"type": "integer", "minimum": 1, "maximum": 14}},
               "required": ["city", "unit"], "additionalProperties": false}\
              """),
          new ToolDefinition(
              "book_table",
              "Books a table in a restaurant",
              """
              {"type": "object",
               "properties": {
                 "guest": {"type": "object",
                   "properties": {
                     "name": {"type": "string", "pattern": "^[A-Z][a-z]{1,15}$"},
                     "email": {"type": "string", "format": "email", "maxLength": 40}},
                   "required": ["name", "email"], "additionalProperties": false},
                 "day": {"type": "string", "format": "date"},
                 "seats": {"type": "array", "minItems": 1, "maxItems": 6,
                   "items": {"type": "integer", "minimum": 1, "maximum": 99}},
                 "outside": {"type": ["boolean", "null"]}},
               "required": ["guest", "day", "seats"], "additionalProperties": false}\
              """),
          new ToolDefinition(
              "convert",
              "Converts an amount of money",
              """
              {"type": "object",
               "$defs": {"currency": {"enum": ["EUR", "USD", "JPY", "CHF"]}},
               "properties": {
                 "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 1e6},
                 "from": {"$ref": "#/$defs/currency"},
                 "to": {"type": "array", "items": {"$ref": "#/$defs/currency"}, "maxItems": 3}},
               "required": ["amount", "from", "to"], "additionalProperties": false}\
              """),
          new ToolDefinition("now", "The time", "{}"));

  private static final Map<String, String> SCHEMAS =
      TOOLS.stream().collect(Collectors.toMap(ToolDefinition::name, ToolDefinition::parameters));

  private static final List<String> QUESTIONS =
      List.of(
          "What is the weather in Paris today, and in Rome?",
          "Book a table for Ada Lovelace tomorrow, four people, outside.",
          "How much are 20 euros in dollars and in yen?",
          "What time is it?");

  private static final CacheScope SCOPE = CacheScope.of(CacheNamespace.random());

  private static Engine engine;

  @BeforeAll
  static void load() {
    engine =
        Engine.load(
            EngineSettings.of(GreedyReference.WEIGHTS).withQueue(32, 1000), LoadListener.NONE);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void callsAreValid() {
    assertValid(30);
  }

  @Test
  @Tag("nightly")
  void aThousandCallsAreValid() {
    assertValid(1000);
  }

  private static void assertValid(int count) {
    // The prompts begin alike; the first answer leaves that beginning in the cache.
    Answers.read(Answers.start(engine, request(0)));
    List<Generation> generations = new ArrayList<>();
    for (int seed = 0; seed < count; seed++) {
      generations.add(Answers.start(engine, request(seed)));
    }
    int cut = 0;
    int calls = 0;
    for (int seed = 0; seed < count; seed++) {
      Answers.Whole answer = Answers.read(generations.get(seed));
      if (answer.end().reason() == FinishReason.LENGTH) {
        cut++;
      } else {
        assertThat(answer.end().reason()).as("seed %d", seed).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(answer.calls()).as("seed %d", seed).isNotEmpty();
      }
      assertThat(answer.text()).as("seed %d", seed).isEmpty();
      assertThat(answer.calls())
          .as("seed %d", seed)
          .extracting(call -> call.name() + call.arguments())
          .doesNotHaveDuplicates();
      for (ToolCall call : answer.calls()) {
        calls++;
        assertThat(call.id()).matches("[a-zA-Z0-9]{9}");
        assertThat(Validator.errors(schema(call.name()), call.arguments()))
            .as("seed %d: %s", seed, call)
            .isEmpty();
      }
    }
    System.out.printf(
        "%d answers: %d calls, all valid; %d answers cut by their bound%n", count, calls, cut);
    assertThat(cut).isLessThan(count / 4);
  }

  private static String schema(String name) {
    return "{\"allOf\": [{\"type\": \"object\"}, %s]}"
        .formatted(SCHEMAS.get(name))
        .replace("#/$defs", "#/allOf/1/$defs");
  }

  private static GenerationRequest request(int seed) {
    return request(seed, new ToolChoice.Any(), seed % 5 == 4);
  }

  private static GenerationRequest request(int seed, ToolChoice choice, boolean parallel) {
    String question = QUESTIONS.get(seed % QUESTIONS.size());
    int[] prompt =
        engine.prompt(new PromptRequest(List.of(new ChatMessage("user", question)), TOOLS));
    var sampling = new SamplingParams(0.9f, 0.95f, seed, 400, List.of());
    Constraint constraint = engine.constrain(new OutputFormat.ToolCalls(TOOLS, choice, parallel));
    return new GenerationRequest(prompt, sampling, ServiceTerms.DEFAULT, SCOPE, constraint);
  }
}
