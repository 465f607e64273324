package io.galerne.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import io.galerne.engine.grammar.bounds.GrammarLimits;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Grammars made to exhaust the machine are taken or refused within a second and 64 MB. */
class GrammarBombTests {
  private static final Duration MOST_TIME = Duration.ofSeconds(1);
  private static final long MOST_BYTES = 64L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @BeforeAll
  static void warmUp() {
    assertThat(Grammar.json(Whitespace.NONE, GrammarLimits.DEFAULT).start().isComplete()).isFalse();
  }

  static Stream<Arguments> bombs() {
    return Stream.of(
        arguments("nested plus", pattern("(a+)+$")),
        arguments("ambiguous choice", pattern("(a|aa)+")),
        arguments("wide repeat", pattern("(.*){1,32000}")),
        arguments("repeat of repeat", pattern("((a{1000}){1000}){1000}")),
        arguments("exponential subsets", pattern("(a|b)*a(a|b){25}")),
        arguments("parentheses", pattern("(".repeat(60_000) + ")".repeat(60_000))),
        arguments("parentheses in the limit", pattern("(".repeat(900) + ")".repeat(900))),
        arguments("every letter many times", pattern("^[\\\\p{L}\\\\p{N}]{1,900}$")),
        arguments("many patterns", many("{\"allOf\":[", "{\"pattern\":\"%d.*[^x]\"}", "]}", 40)),
        arguments(
            "many property patterns",
            many("{\"patternProperties\":{", "\"%1$d.*%1$d\":{\"minimum\":%1$d}", "}}", 40)),
        arguments("self reference", "{\"$ref\":\"#\"}"),
        arguments(
            "reference loop",
            "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}"),
        arguments("laughs in items", laughs("{\"type\":\"array\",\"prefixItems\":[%1$s,%1$s]}")),
        arguments("laughs in allOf", laughs("{\"allOf\":[%1$s,%1$s]}")),
        arguments("laughs in anyOf", laughs("{\"anyOf\":[%1$s,{\"items\":%1$s}]}")),
        arguments(
            "allOf of anyOf",
            many(
                "{\"allOf\":[",
                "{\"anyOf\":[{\"required\":[\"a%1$d\"]},{\"required\":[\"b%1$d\"]}]}",
                "]}",
                30)),
        arguments(
            "oneOf of overlaps",
            many("{\"oneOf\":[", "{\"properties\":{\"p%1$d\":{\"minimum\":%1$d}}}", "]}", 60)),
        arguments(
            "recursion in allOf",
            "{\"properties\":{\"a\":{\"allOf\":[{\"$ref\":\"#\"},{\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":{\"$ref\":\"#\"}}}]}}}"),
        arguments(
            "not of recursion",
            "{\"not\":{\"properties\":{\"a\":{\"not\":{\"$ref\":\"#\"}},\"b\":{\"$ref\":\"#\"}}}}"),
        arguments("enum", many("{\"enum\":[", "\"value-%d\"", "]}", 100_000)),
        arguments("enum in the limit", many("{\"enum\":[", "\"value-%d\"", "]}", 2000)),
        arguments("enum of numbers", many("{\"enum\":[", "%d.125", "]}", 2000)),
        arguments("properties", many("{\"properties\":{", "\"p%d\":{}", "}}", 50_000)),
        arguments(
            "properties in the limit",
            many(
                "{\"additionalProperties\":false,\"properties\":{",
                "\"property-%d\":{\"type\":\"string\"}",
                "}}",
                500)),
        arguments("tiny divisor", "{\"multipleOf\":1e-308}"),
        arguments("huge divisor", "{\"multipleOf\":123456789.123}"),
        arguments(
            "divisors",
            "{\"allOf\":[{\"multipleOf\":997},{\"multipleOf\":991},{\"multipleOf\":983}]}"),
        arguments("huge bound", "{\"minimum\":1e308}"),
        arguments("huge exponent", "{\"const\":1e999999999}"),
        arguments("huge length", "{\"maxLength\":999999999}"),
        arguments("long pattern length", "{\"pattern\":\"a.*b\",\"minLength\":50000}"),
        arguments("huge minimum of items", "{\"minItems\":999999999}"),
        arguments("unique items", "{\"uniqueItems\":true}"),
        arguments("remote reference", "{\"$ref\":\"http://127.0.0.1:1/schema.json\"}"),
        arguments("file reference", "{\"$ref\":\"file:///etc/passwd\"}"),
        arguments("deep text", "[".repeat(100_000)),
        arguments("deep schema", "{\"not\":".repeat(5000) + "true" + "}".repeat(5000)),
        arguments("half a schema", "{\"type\":"),
        arguments("large text", "{\"title\":\"" + "x".repeat(1 << 20) + "\"}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void endsSoonAndSmall(String name, String schema) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long nanos = THREADS.getCurrentThreadCpuTime();
    Optional<GrammarException> refusal = Optional.empty();
    try {
      Grammar.jsonSchema(schema, Whitespace.BOUNDED, GrammarLimits.DEFAULT);
    } catch (GrammarException e) {
      refusal = Optional.of(e);
    }
    nanos = THREADS.getCurrentThreadCpuTime() - nanos;
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;

    if (Boolean.getBoolean("bombs.verbose")) {
      System.out.printf(
          "%-28s %5d ms %5d KB %s%n",
          name, nanos / 1_000_000, bytes >> 10, refusal.map(Throwable::getMessage).orElse("taken"));
    }
    assertThat(Duration.ofNanos(nanos)).isLessThan(MOST_TIME);
    assertThat(bytes).isLessThan(MOST_BYTES);
    assertThat(refusal.map(Throwable::getMessage).orElse("")).hasSizeLessThan(300);
  }

  @Test
  void withoutLimitsABombCosts() {
    GrammarLimits none =
        new GrammarLimits(
            1 << 20,
            64,
            512,
            2048,
            2048,
            64,
            4096,
            20_000_000,
            64,
            1L << 40,
            Duration.ofSeconds(60));
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    try {
      Grammar.jsonSchema(pattern("(a|b)*a(a|b){25}"), Whitespace.BOUNDED, none);
    } catch (GrammarException e) {
      assertThat(e.kind()).isEqualTo(Kind.TOO_LARGE);
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - bytes).isGreaterThan(MOST_BYTES);
  }

  private static String pattern(String pattern) {
    return "{\"pattern\":\"" + pattern + "\"}";
  }

  private static String many(String before, String each, String after, int count) {
    return IntStream.range(0, count)
        .mapToObj(each::formatted)
        .collect(Collectors.joining(",", before, after));
  }

  /** Definitions each of which names the next one twice. */
  private static String laughs(String each) {
    String definitions =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    "\"d%d\":%s"
                        .formatted(
                            i, each.formatted("{\"$ref\":\"#/$defs/d%d\"}".formatted(i + 1))))
            .collect(Collectors.joining(","));
    return "{\"$ref\":\"#/$defs/d0\",\"$defs\":{%s,\"d30\":{\"type\":\"string\"}}}"
        .formatted(definitions);
  }
}
