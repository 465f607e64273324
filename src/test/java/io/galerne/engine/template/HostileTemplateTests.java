package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates that would hang or exhaust a renderer without bounds. */
class HostileTemplateTests {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final List<ChatMessage> MESSAGES =
      List.of(new ChatMessage("user", "hello ".repeat(1000)));
  private static final String DOUBLING =
      "{% set ns = namespace(s='x') %}{% for i in range(64) %}%s{% endfor %}";

  /** Loads the classes, so that the bound on time below is one on rendering. */
  @BeforeAll
  static void warmUp() {
    ChatTemplate.parse("{% for m in messages %}{{ m.content|trim }}{% endfor %}")
        .render(PromptRequest.of(MESSAGES), "", "");
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        hostile("huge range", "{% for i in range(1000000000) %}{% endfor %}"),
        hostile("negative range", "{{ range(0, -2147483648, -1)|length }}"),
        hostile(
            "nested loops",
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"),
        hostile("macro that calls itself", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"),
        hostile(
            "macro that calls itself twice",
            "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(40)"
                + " }}"),
        hostile(
            "macros that call each other",
            "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f()"
                + " }}"),
        hostile("parentheses", "{{ " + "(".repeat(150) + "1" + ")".repeat(150) + " }}"),
        hostile("100 000 parentheses", "{{ " + "(".repeat(100_000) + " }}"),
        hostile("lists", "{{ " + "[".repeat(5000) + "]".repeat(5000) + " }}"),
        hostile("mappings", "{{ " + "{'a':".repeat(5000) + "1" + "}".repeat(5000) + " }}"),
        hostile("negations", "{{ " + "not ".repeat(50_000) + "1 }}"),
        hostile("signs", "{{ " + "-".repeat(50_000) + "1 }}"),
        hostile("long sum", "{{ 1" + " + 1".repeat(50_000) + " }}"),
        hostile("long chain", "{{ messages" + "[0]".repeat(50_000) + " }}"),
        hostile("long filter chain", "{{ 'a'" + "|upper".repeat(30_000) + " }}"),
        hostile("blocks", "{% if 1 %}".repeat(10_000) + "{% endif %}".repeat(10_000)),
        hostile("doubling by +", DOUBLING.replace("%s", "{% set ns.s = ns.s + ns.s %}")),
        hostile("doubling by ~", DOUBLING.replace("%s", "{% set ns.s = ns.s ~ ns.s %}")),
        hostile("doubling by *", DOUBLING.replace("%s", "{% set ns.s = ns.s * 16 %}")),
        hostile("doubling by join", DOUBLING.replace("%s", "{% set ns.s = [ns.s, ns.s]|join %}")),
        hostile(
            "doubling by replace",
            DOUBLING.replace("%s", "{% set ns.s = ns.s.replace('x', 'xxxx') %}")),
        hostile(
            "doubling by format",
            DOUBLING.replace("%s", "{% set ns.s %}{{ns.s}}{{ns.s}}{% endset %}")),
        hostile(
            "doubling a list",
            DOUBLING.replace("'x'", "[1]").replace("%s", "{% set ns.s = ns.s + ns.s %}")),
        hostile("long text", "{{ 'x' * 1000000000000 }}"),
        hostile("long list", "{{ ([0] * 9000000000000)|length }}"),
        hostile("much text", "{% for i in range(10000) %}{{ messages[0].content }}{% endfor %}"),
        hostile(
            "shared lists printed",
            "{% set ns = namespace(s=[1]) %}"
                + "{% for i in range(40) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}"),
        hostile(
            "shared lists compared",
            "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(40) %}"
                + "{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}"
                + "{{ ns.s == ns.t }}"),
        hostile("list within itself", "{% set x = [] %}{% set _ = x.append(x) %}{{ x }}"),
        hostile(
            "list within itself as JSON",
            "{% set x = [] %}{% set _ = x.append(x) %}{{ x|tojson }}"),
        hostile(
            "list that grows while it is run over",
            "{% set x = [1] %}{% for i in range(90000) %}{% for j in x %}"
                + "{% set _ = x.append(j) %}{% endfor %}{% endfor %}"),
        hostile(
            "searching long in long",
            "{% set a = 'a' * 500000 %}{% set b = 'a' * 250000 + 'b' %}{{ b in a }}"),
        hostile("power", "{{ 9 ** 9 ** 9 }}"),
        hostile("map of map", "{{ [[1]]|map('map', 'map', 'map', 'nosuch')|list }}"),
        hostile("wide indent", "{{ 'a\\nb'|indent(1000000000) }}"),
        hostile("class", "{{ ''.__class__.__mro__[1].__subclasses__() }}"),
        hostile("globals", "{{ range.__globals__ }}"),
        hostile("longest template", " ".repeat(300_000)));
  }

  /** Of the processor's time, so that a busy machine does not count. */
  @ParameterizedTest
  @MethodSource("hostile")
  void endsWithinASecond(String template) {
    long start = THREADS.getCurrentThreadCpuTime();
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> ChatTemplate.parse(template).render(PromptRequest.of(MESSAGES), "", ""));
    assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start))
        .isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void wouldOverflowTheStackWithoutTheBoundOnDepth() {
    ChatTemplate template = ChatTemplate.parse("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}");
    assertThatExceptionOfType(StackOverflowError.class)
        .isThrownBy(
            () ->
                template.render(PromptRequest.of(MESSAGES), "", "", new Budget(1 << 30, 1 << 30)));
  }

  @Test
  void wouldRunUntilTheClockStopsItWithoutTheBoundOnSteps() {
    ChatTemplate template =
        ChatTemplate.parse(
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}");
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                template.render(
                    PromptRequest.of(MESSAGES), "", "", new Budget(Long.MAX_VALUE, 200)))
        .withMessage("the template takes longer than 100 ms");
  }

  /** The bounds leave room for what honest templates do. */
  @Test
  void leavesRoomForLongConversations() {
    List<ChatMessage> messages =
        Stream.generate(() -> new ChatMessage("user", "x".repeat(1000))).limit(500).toList();
    ChatTemplate template =
        ChatTemplate.parse(
            "{% for m in messages %}{% set c = '<' + m.role + '>' + m.content|trim + '\\n' %}"
                + "{{ c }}{% endfor %}");
    assertThat(template.render(PromptRequest.of(messages), "", "").length()).isEqualTo(500 * 1007);
    ChatTemplate deep = ChatTemplate.parse("{{ " + "(".repeat(40) + "1" + ")".repeat(40) + " }}");
    assertThat(deep.render(PromptRequest.of(messages), "", "").toString()).isEqualTo("1");
  }

  private static Arguments hostile(String name, String template) {
    return argumentSet(name, template);
  }
}
