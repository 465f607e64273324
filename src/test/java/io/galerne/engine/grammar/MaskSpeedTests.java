package io.galerne.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.grammar.bounds.GrammarLimits;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What compiling and masks cost at the bundled vocabulary of 49,152 tokens, in time of the
 * processor. Run alone it prints its figures: {@code mvn test -Dtest=MaskSpeedTests}.
 */
class MaskSpeedTests {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** As applications have them: a call's arguments, an extraction, a tree, a union, a form. */
  private static final List<String> SCHEMAS =
      List.of(
          """
          {"type":"object","properties":{"city":{"type":"string"},
          "unit":{"enum":["celsius","fahrenheit"]},"days":{"type":"integer","minimum":1,"maximum":14}},
          "required":["city","unit"],"additionalProperties":false}\
          """,
          """
          {"type":"object","properties":{"name":{"type":"string","maxLength":80},
          "born":{"type":"string","format":"date"},"email":{"type":"string","format":"email"},
          "tags":{"type":"array","items":{"type":"string"},"maxItems":8},
          "score":{"type":"number","minimum":0,"maximum":1}},
          "required":["name","born","tags"],"additionalProperties":false}\
          """,
          """
          {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{
          "value":{"type":["string","number","null"]},
          "children":{"type":"array","items":{"$ref":"#/$defs/node"}}},
          "required":["value","children"],"additionalProperties":false}}}\
          """,
          """
          {"type":"array","minItems":1,"items":{"anyOf":[
          {"type":"object","properties":{"kind":{"const":"circle"},"radius":{"type":"number"}},
          "required":["kind","radius"],"additionalProperties":false},
          {"type":"object","properties":{"kind":{"const":"text"},"text":{"type":"string"}},
          "required":["kind","text"],"additionalProperties":false}]}}\
          """,
          """
          {"type":"object","properties":{"id":{"type":"string","format":"uuid"},
          "code":{"type":"string","pattern":"^[A-Z]{3}-[0-9]{4}$"},"note":{"type":"string"}},
          "required":["id","code"]}\
          """,
          "{\"type\":\"object\"}");

  @Test
  void masksAndCompilingAreQuick() {
    measure(6);
    Figures figures = measure(12);
    System.out.printf(
        "%d masks: p50 %.1f us, p99 %.1f us; %d compilations: p50 %.1f ms, p99 %.1f ms%n",
        figures.masks.length,
        quantile(figures.masks, 0.5) / 1e3,
        quantile(figures.masks, 0.99) / 1e3,
        figures.compilations.length,
        quantile(figures.compilations, 0.5) / 1e6,
        quantile(figures.compilations, 0.99) / 1e6);
    // A shared machine may be several times slower than what docs/structured-output.md tells of.
    assertThat(Duration.ofNanos(quantile(figures.masks, 0.5)))
        .isLessThan(Duration.ofNanos(500_000));
    assertThat(Duration.ofNanos(quantile(figures.masks, 0.99))).isLessThan(Duration.ofMillis(5));
    assertThat(Duration.ofNanos(quantile(figures.compilations, 0.99)))
        .isLessThan(Duration.ofMillis(250));
  }

  private record Figures(long[] masks, long[] compilations) {}

  /** Documents by chance, four under each schema; masks are remembered no longer than a round. */
  private static Figures measure(int rounds) {
    LongStream.Builder masks = LongStream.builder();
    LongStream.Builder compilations = LongStream.builder();
    Random random = new Random(7);
    for (int round = 0; round < rounds; round++) {
      TokenMasks tokens = BundledVocabulary.masks();
      for (String schema : SCHEMAS) {
        long start = THREADS.getCurrentThreadCpuTime();
        Grammar grammar = Grammar.jsonSchema(schema, Whitespace.BOUNDED, GrammarLimits.DEFAULT);
        compilations.add(THREADS.getCurrentThreadCpuTime() - start);
        for (int i = 0; i < 4; i++) {
          write(tokens, grammar, random, masks);
        }
      }
    }
    return new Figures(masks.build().sorted().toArray(), compilations.build().sorted().toArray());
  }

  private static void write(
      TokenMasks tokens, Grammar grammar, Random random, LongStream.Builder nanos) {
    long[] allowed = new long[tokens.vocabulary().maskLength()];
    GrammarState state = grammar.start();
    for (int i = 0; i < 60 && !state.isFinished(); i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      tokens.propose(state, allowed);
      nanos.add(THREADS.getCurrentThreadCpuTime() - start);
      BitSet choices = BitSet.valueOf(allowed);
      int token = choices.nextSetBit(0);
      for (int skip = random.nextInt(choices.cardinality()); skip > 0; skip--) {
        token = choices.nextSetBit(token + 1);
      }
      state = tokens.advance(state, token);
    }
  }

  private static long quantile(long[] sorted, double quantile) {
    return sorted[(int) (quantile * (sorted.length - 1))];
  }
}
