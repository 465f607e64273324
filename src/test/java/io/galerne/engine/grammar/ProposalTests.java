package io.galerne.engine.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.grammar.bounds.GrammarLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spellings that are valid, but that a model isn't led to. */
class ProposalTests {
  private final TokenMasks masks = BundledVocabulary.masks();
  private final long[] mask = new long[masks.vocabulary().maskLength()];

  private static GrammarState after(String schema, String text) {
    return Grammar.jsonSchema(schema, Whitespace.BOUNDED, GrammarLimits.DEFAULT)
        .start()
        .advance(text.getBytes(UTF_8))
        .orElseThrow();
  }

  private boolean allowed(GrammarState state, String token) {
    masks.fill(state, mask);
    return isSet(token);
  }

  private boolean proposed(GrammarState state, String token) {
    masks.propose(state, mask);
    return isSet(token);
  }

  private boolean isSet(String text) {
    int[] tokens = BundledVocabulary.encode(text.getBytes(UTF_8));
    assertThat(tokens).as(text).hasSize(1);
    return ((mask[tokens[0] >> 6] >>> tokens[0]) & 1) != 0;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'integer'}                       | 36 | .",
        "{'const':-2.0}                           | -2 | .",
        "{'enum':[1,20]}                          | 1  | .",
        "{'type':'integer'}                       | -  | 0",
        "{'type':'array','items':{'const':7}}     | [7 | .",
      })
  void fractionsOfIntegersAreAllowedAndNotProposed(String schema, String text, String token) {
    GrammarState state = after(schema.replace('\'', '"'), text);
    assertThat(allowed(state, token)).isTrue();
    assertThat(proposed(state, token)).isFalse();
  }

  @Test
  void numbersThatMayBeFractionsAreProposedAsSuch() {
    for (String schema :
        new String[] {
          "{\"type\":\"number\",\"minimum\":0}",
          "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"number\",\"minimum\":0}]}"
        }) {
      assertThat(proposed(after(schema, "36"), ".")).as(schema).isTrue();
    }
  }

  @Test
  void whatOnlyAProposalForcesIsForced() {
    GrammarState state =
        after(
            "{\"properties\":{\"v\":{\"const\":1}},\"required\":[\"v\"],"
                + "\"additionalProperties\":false,\"type\":\"object\"}",
            "{\"v\":1");
    assertThat(state.advance(".0}".getBytes(UTF_8))).isPresent();
    assertThat(new String(state.forcedText(), UTF_8)).doesNotContain(".");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'properties':{'a':{}}}                                         | {         | x | false",
        "{'properties':{'a':{}}}                                         | {         | a | true",
        "{'properties':{'a':{},'abc':{}}}                                | {'ab      | d | false",
        "{'properties':{'a':{}},'additionalProperties':{'type':'string'}}| {         | x | true",
        "{'properties':{'a':{}},'patternProperties':{'^x':{'type':'null'}}} | {         | x | true",
        "{'properties':{'a':{'const':1}},'minProperties':2}              | {'a':1,   | x | true",
        "{'type':'object'}                                               | {         | x | true",
      })
  void namesThatASchemaNeitherNamesNorDescribesAreNotProposed(
      String schema, String text, String name, boolean expected) {
    GrammarState state =
        after("{'type':'object','allOf':[%s]}".formatted(schema).replace('\'', '"'), begun(text));
    assertThat(state.advance(name.getBytes(UTF_8))).isPresent();
    assertThat(proposed(state, name)).isEqualTo(expected);
  }

  private static String begun(String text) {
    String quoted = text.replace('\'', '"');
    return quoted.endsWith("{") || quoted.endsWith(",") ? quoted + '"' : quoted;
  }

  @Test
  void aCommaIsNotProposedWhereNothingIsToFollow() {
    for (String value : new String[] {"1", "\"x\""}) {
      GrammarState state =
          after(
              "{\"type\":\"object\",\"properties\":{\"a\":{\"const\":%s}}}".formatted(value),
              "{\"a\":" + value);
      assertThat(allowed(state, ",")).isTrue();
      assertThat(proposed(state, ",")).isFalse();
      assertThat(proposed(state, "}")).isTrue();
    }
  }
}
