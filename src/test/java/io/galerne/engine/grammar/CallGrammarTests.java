package io.galerne.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.grammar.bounds.GrammarLimits;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Calls of tools as a grammar: where they begin, where they end, and no way out between. */
class CallGrammarTests {
  private static final CallSyntax HERMES =
      CallSyntax.oneByOne("<tool_call>", "</tool_call>", "arguments", "");
  private static final CallSyntax MISTRAL =
      CallSyntax.array("[CALLS]".getBytes(StandardCharsets.UTF_8), " ", "arguments", "id");
  private static final List<Grammar.Tool> TOOLS =
      List.of(
          new Grammar.Tool("add", "{\"type\":\"object\",\"maxProperties\":0}", "/tools/0"),
          new Grammar.Tool("adder", "{\"required\":[\"x\"]}", "/tools/1"));

  private final TokenMasks masks = BundledVocabulary.masks();

  @Test
  void textThatOnlyBeginsLikeACallStaysText() {
    assertThat(state(HERMES, true, true, "a <tool_cal <<tool_call").orElseThrow().isComplete())
        .isTrue();
    assertThat(state(HERMES, true, true, "a <tool_call> b")).isEmpty();
    assertThat(state(HERMES, false, true, "a")).isEmpty();
  }

  @Test
  void callsAreThoseOfTheFormat() {
    String one = "<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>";
    assertThat(state(HERMES, true, false, "so " + one).orElseThrow().isFinished()).isTrue();
    assertThat(state(HERMES, true, false, one + "\n" + one)).isEmpty();
    GrammarState several = state(HERMES, false, true, one + "\n" + one).orElseThrow();
    assertThat(several.isComplete()).isTrue();
    assertThat(several.isFinished()).isFalse();
    assertThat(state(HERMES, false, true, one.replace("{}", "[]"))).isEmpty();
    assertThat(state(HERMES, false, true, one.replace("add", "ad"))).isEmpty();
    assertThat(state(HERMES, false, true, one.replace("add", "adder"))).isEmpty();
    String item = "{\"name\": \"adder\", \"arguments\": {\"x\": [1]}, \"id\": \"aB3456789\"}";
    assertThat(state(MISTRAL, true, true, "[CALLS] [" + item + ", " + item + "]"))
        .hasValueSatisfying(state -> assertThat(state.isFinished()).isTrue());
    assertThat(state(MISTRAL, true, false, "[CALLS] [" + item + ", ")).isEmpty();
    assertThat(state(MISTRAL, true, true, "[CALLS] [" + item.replace("aB3", "é3"))).isEmpty();
  }

  @Test
  void anAnswerIsADocumentOrCallsAndTheFirstByteTells() {
    String call = "<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>";
    String document = "{\"text\": \"<tool_call>\"}";
    GrammarState start =
        Grammar.callsOrJson(
                HERMES,
                TOOLS,
                false,
                "{\"required\":[\"text\"],\"properties\":{\"text\":{\"type\":\"string\"}}}",
                "/otherwise",
                Whitespace.BOUNDED,
                GrammarLimits.DEFAULT)
            .start();
    assertThat(start.isComplete()).isFalse();
    assertThat(after(start, call)).hasValueSatisfying(at -> assertThat(at.isFinished()).isTrue());
    assertThat(after(start, document))
        .hasValueSatisfying(at -> assertThat(at.isFinished()).isTrue());
    assertThat(after(start, document + call)).isEmpty();
    assertThat(after(start, "so " + call)).isEmpty();
    assertThat(after(start, "{\"other\": 1}")).isEmpty();
  }

  @Test
  void tokensThatCompleteTheStartGoOnAsCallsDo() {
    GrammarState before = state(HERMES, true, true, "Well: <tool_call").orElseThrow();
    long[] allowed = new long[masks.vocabulary().maskLength()];
    masks.fill(before, allowed);
    int checked = 0;
    for (int token = 0; token < masks.vocabulary().size(); token++) {
      byte[] bytes = masks.vocabulary().bytes(token);
      if (bytes.length > 1 && bytes[0] == '>') {
        checked++;
        boolean goesOn = before.advance(bytes).isPresent();
        boolean isAllowed = (allowed[token >> 6] >> token & 1) != 0;
        assertThat(isAllowed).as("token %d", token).isEqualTo(goesOn);
        assertThat(isAllowed).isEqualTo(bytes[1] == '\n' && bytes.length == 2);
      }
    }
    assertThat(checked).isPositive();
  }

  @Test
  void thereIsAWayToTheEndFromEverywhere() {
    String document =
        "{\"type\":\"object\",\"required\":[\"x\"],\"properties\":{\"x\":{\"enum\":[1,12]}},"
            + "\"additionalProperties\":false}";
    List<Grammar.Tool> bounded =
        List.of(
            new Grammar.Tool("pick", document, ""),
            new Grammar.Tool("päck", "{\"maxProperties\":0}", ""));
    for (int seed = 0; seed < 60; seed++) {
      CallSyntax syntax = seed % 2 == 0 ? HERMES : MISTRAL;
      Grammar either =
          Grammar.callsOrJson(
              syntax, bounded, false, document, "", Whitespace.BOUNDED, GrammarLimits.DEFAULT);
      assertThat(walk(either.start(), new Random(seed))).as("either, seed %d", seed).isTrue();
      boolean parallel = seed % 3 == 0;
      Grammar grammar =
          Grammar.calls(
              syntax, bounded, false, parallel, Whitespace.BOUNDED, GrammarLimits.DEFAULT);
      assertThat(walk(grammar.start(), new Random(seed))).as("seed %d", seed).isTrue();
    }
  }

  /** Takes tokens by chance; returns whether the document came to an end. */
  private boolean walk(GrammarState start, Random random) {
    GrammarState state = start;
    long[] allowed = new long[masks.vocabulary().maskLength()];
    for (int step = 0; step < 2000 && !state.isFinished(); step++) {
      masks.fill(state, allowed);
      int[] tokens = BitSet.valueOf(allowed).stream().toArray();
      assertThat(tokens).as("a dead end").isNotEmpty();
      state = masks.advance(state, tokens[random.nextInt(tokens.length)]);
    }
    return state.isFinished();
  }

  private static Grammar grammar(CallSyntax syntax, boolean text, boolean parallel) {
    return Grammar.calls(syntax, TOOLS, text, parallel, Whitespace.BOUNDED, GrammarLimits.DEFAULT);
  }

  private static Optional<GrammarState> state(
      CallSyntax syntax, boolean text, boolean parallel, String written) {
    return after(grammar(syntax, text, parallel).start(), written);
  }

  private static Optional<GrammarState> after(GrammarState state, String written) {
    return state.advance(written.getBytes(StandardCharsets.UTF_8));
  }
}
