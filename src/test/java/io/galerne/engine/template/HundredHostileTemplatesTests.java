package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A hundred templates that no honest model carries, each refused at once and by a typed error. */
class HundredHostileTemplatesTests {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Duration LONGEST = Duration.ofMillis(300);
  private static final long ALLOCATED_MAX = 256L << 20;

  /** A busy machine's caches and an unfinished compilation may slow one run, not each of three. */
  private static final int TRIES = 3;

  private static final List<ChatMessage> MESSAGES =
      List.of(new ChatMessage("user", "héllo → ".repeat(500)));

  /** The rest of a template runs until something stops it. */
  private static final String FOREVER =
      "{% for a in range(90000) %}{% for b in range(90000) %}%s{% endfor %}{% endfor %}";

  private static final String MEGABYTE = "{% set s = 'é→' * 260000 %}";

  /** Loads and compiles the classes, so that the bound below is one on rendering. */
  @BeforeAll
  static void warmUp() {
    for (int i = 0; i < 200; i++) {
      render("{% for m in messages %}{{ m.content|trim|upper|length }}{% endfor %}");
    }
    List<Arguments> all = hostile().toList();
    for (int i = 0; i < all.size(); i += 9) {
      try {
        render(String.valueOf(all.get(i).get()[0]));
      } catch (TemplateException expected) {
        assertThat(expected).isNotNull();
      }
    }
  }

  static Stream<Arguments> hostile() {
    List<Arguments> all = new ArrayList<>();
    nested(all);
    endless(all);
    growing(all);
    costly(all);
    prying(all);
    broken(all);
    assertThat(all).hasSizeGreaterThanOrEqualTo(100);
    return all.stream();
  }

  private static void nested(List<Arguments> all) {
    add(all, "parentheses", "{{ " + "(".repeat(150) + "1" + ")".repeat(150) + " }}");
    add(all, "many parentheses", "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}");
    add(all, "lists", "{{ " + "[".repeat(9000) + "]".repeat(9000) + " }}");
    add(all, "mappings", "{{ " + "{'a':".repeat(9000) + "1" + "}".repeat(9000) + " }}");
    add(all, "mixed brackets", "{{ " + "[({'a':".repeat(9000) + "1" + "})]".repeat(9000) + " }}");
    add(all, "calls", "{{ " + "range(".repeat(9000) + "1" + ")".repeat(9000) + " }}");
    add(all, "subscripts", "{{ " + "messages[".repeat(9000) + "0" + "]".repeat(9000) + " }}");
    add(all, "not", "{{ " + "not ".repeat(60_000) + "1 }}");
    add(all, "minus", "{{ " + "-".repeat(60_000) + "1 }}");
    add(all, "plus chain", "{{ 1" + " + 1".repeat(60_000) + " }}");
    add(all, "and chain", "{{ 1" + " and 1".repeat(40_000) + " }}");
    add(all, "power tower", "{{ 2" + " ** 2".repeat(40_000) + " }}");
    add(all, "conditions", "{{ " + "1 if 1 else ".repeat(20_000) + "1 }}");
    add(all, "dots", "{{ messages" + ".a".repeat(60_000) + " }}");
    add(all, "filters", "{{ 'a'" + "|upper".repeat(40_000) + " }}");
    add(all, "tests", "{{ 'a'" + " is string".repeat(20_000) + " }}");
    add(all, "ifs", "{% if 1 %}".repeat(20_000) + "{% endif %}".repeat(12_000));
    add(all, "loops", "{% for a in [1] %}".repeat(9000) + "{% endfor %}".repeat(9000));
    add(all, "sets", "{% set a %}".repeat(12_000) + "{% endset %}".repeat(10_000));
    add(all, "macros", "{% macro f() %}".repeat(9000) + "{% endmacro %}".repeat(9000));
    add(all, "generations", "{% generation %}".repeat(9000) + "{% endgeneration %}".repeat(4000));
  }

  private static void endless(List<Arguments> all) {
    add(all, "range bomb", "{% for i in range(1000000000) %}{% endfor %}");
    add(all, "range of longs", "{{ range(-9223372036854775807, 9223372036854775807)|length }}");
    add(all, "range down", "{{ range(0, -9223372036854775807, -1)|list }}");
    add(all, "range by 0", "{{ range(0, 10, 0) }}");
    add(all, "loops in loops", FOREVER.replace("%s", ""));
    add(
        all,
        "loops that count",
        "{% set n = namespace(x=0) %}" + forever("{% set n.x = n.x + 1 %}"));
    add(all, "loops that skip", forever("{% continue %}"));
    add(all, "loops that break", forever("{% for c in range(9) %}{% break %}{% endfor %}"));
    add(
        all,
        "loops that filter",
        "{% for a in range(90000) %}{% for b in range(90000) if a < b %}{% endfor %}{% endfor %}");
    add(all, "macro f", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}");
    add(all, "macro f twice", "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}");
    add(
        all,
        "macro f, g",
        "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}");
    add(all, "macro by default", "{% macro f(x=f()) %}{% endmacro %}{{ f() }}");
    add(
        all,
        "macro in a loop",
        "{% macro f(n) %}{% for i in range(9) %}{{ f(n) }}{% endfor %}{% endmacro %}{{ f(1) }}");
    add(all, "macro by argument", "{% macro f(g) %}{{ g(g) }}{% endmacro %}{{ f(f) }}");
    add(
        all,
        "macro of Ackermann",
        "{% macro a(m, n) %}{% if m == 0 %}{{ n + 1 }}{% elif n == 0 %}{{ a(m - 1, 1) }}{% else"
            + " %}{{ a(m - 1, a(m, n - 1)|int) }}{% endif %}{% endmacro %}{{ a(4, 4) }}");
    add(
        all,
        "macro of Fibonacci",
        "{% macro f(n) %}{{ n if n < 2 else f(n - 1)|int + f(n - 2)|int }}{% endmacro %}{{ f(60)"
            + " }}");
    add(
        all,
        "list that grows",
        "{% set x = [1] %}{% for i in range(90000) %}{% for j in x %}{% set _ = x.append(j) %}{%"
            + " endfor %}{% endfor %}");
    add(all, "list in itself", "{% set x = [] %}{% set _ = x.append(x) %}{{ x }}");
    add(all, "list in itself, JSON", "{% set x = [] %}{% set _ = x.append(x) %}{{ x|tojson }}");
    add(
        all,
        "list in itself, compared",
        "{% set x = [] %}{% set _ = x.append(x) %}{% set y = [] %}{% set _ = y.append(y) %}{{ x =="
            + " y }}");
    add(all, "list in itself, joined", "{% set x = ['a'] %}{% set _ = x.append(x) %}{{ x|join }}");
    add(
        all,
        "list in itself, sorted",
        "{% set x = [] %}{% set _ = x.append(x) %}{% set _ = x.append(x) %}{{ x|sort }}");
    add(
        all,
        "list in itself, unique",
        "{% set x = [] %}{% set _ = x.append(x) %}{% set y = [x] %}{% set _ = x.append(y) %}{{ [x,"
            + " y]|unique|list }}");
    add(all, "namespace in itself", "{% set n = namespace() %}{% set n.n = n %}{{ n }}");
    add(all, "map of map", "{{ [[1]]|map('map', 'map', 'map', 'nosuch')|list }}");
  }

  private static void growing(List<Arguments> all) {
    for (String doubling :
        List.of(
            "n.s + n.s",
            "n.s ~ n.s",
            "n.s * 16",
            "[n.s, n.s]|join",
            "n.s.replace('x', 'xxxx')",
            "n.s|replace('x', 'xx')",
            "n.s|tojson|tojson",
            "('<' ~ n.s ~ n.s)|escape",
            "n.s.join(['x', 'x', n.s])",
            "(n.s ~ '\\n' ~ n.s)|indent(1000, true)",
            "n.s ~ n.s[::-1]",
            "n.s|upper ~ n.s|title")) {
      add(
          all,
          "doubling by " + doubling,
          "{% set n = namespace(s='x') %}{% for i in range(100) %}{% set n.s = "
              + doubling
              + " %}{% endfor %}");
    }
    add(
        all,
        "doubling a list",
        "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor"
            + " %}");
    add(
        all,
        "doubling by a block",
        "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set t %}{{ n.s }}{{ n.s }}{%"
            + " endset %}{% set n.s = t %}{% endfor %}");
    add(
        all,
        "sharing printed",
        "{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor"
            + " %}{{ n.s }}");
    add(
        all,
        "sharing as JSON",
        "{% set n = namespace(s={}) %}{% for i in range(60) %}{% set n.s = {'a': n.s, 'b': n.s}"
            + " %}{% endfor %}{{ n.s|tojson }}");
    add(
        all,
        "sharing compared",
        "{% set n = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{%"
            + " set n.t = [n.t, n.t] %}{% endfor %}{{ n.s == n.t }}");
    add(all, "long text", "{{ 'x' * 1000000000000 }}");
    add(all, "long text, turned", "{{ 1000000000000 * 'x' }}");
    add(all, "long list", "{{ ([0] * 9000000000000)|length }}");
    add(all, "long output", "{% for i in range(99999) %}{{ messages[0].content }}{% endfor %}");
    add(all, "long indent", "{{ 'a\\nb'|indent(1000000000) }}");
    add(
        all,
        "deep JSON indent",
        "{% set n = namespace(s=[]) %}{% for i in range(150) %}{% set n.s = [n.s] %}{% endfor %}"
            + forever("{{ n.s|tojson(indent=1000) }}"));
    add(all, "long literal", "{{ '" + "x".repeat(270_000) + "' }}");
    add(all, "long number", "{{ " + "9".repeat(200_000) + " }}");
    add(all, "long comment", "{# " + "x".repeat(270_000) + " #}");
    add(all, "long name", "{{ " + "x".repeat(200_000) + "() }}");
    add(all, "power", "{{ 9 ** 9 ** 9 }}");
    add(all, "big power", "{{ 10 ** 400 }}");
  }

  /** Work that is large for the one step that asks for it. */
  private static void costly(List<Arguments> all) {
    for (String work :
        List.of(
            "s|length",
            "s is upper",
            "s is lower",
            "s|int",
            "s|float",
            "s|upper",
            "s|title",
            "s|capitalize",
            "s|trim",
            "s.strip('é→')",
            "s.split()",
            "s.split('→é→')",
            "s.splitlines()",
            "s|replace('é→→', 'x')",
            "s.find('→→')",
            "s.count('→→')",
            "'→→' in s",
            "s == t",
            "s < t",
            "s in [t, t, t]",
            "{t: 1}[s]",
            "s.startswith((t ~ 'x', t ~ 'y'))",
            "s.endswith((t, t, t))",
            "s[::-1]",
            "s|list",
            "s|reverse",
            "s|tojson",
            "s|escape",
            "s|unique|list",
            "s|sort",
            "s|min",
            "s|map('upper')|list",
            "s|select('string')|list",
            "range(90000)|unique|list",
            "range(90000)|sort(reverse=true)|list",
            "range(90000)|sum",
            "strftime_now(s)")) {
      String template =
          MEGABYTE + "{% set t = s[:-1] ~ 'é' %}" + forever("{% set _ = " + work + " %}");
      add(all, "much work by " + work, template);
    }
    add(
        all,
        "searching long in long",
        "{% set a = 'a' * 500000 %}{% set b = 'a' * 250000 + 'b' %}{{ b in a }}");
    add(all, "sorting long texts", MEGABYTE + "{{ ([s + 'a', s + 'b', s + 'c'] * 20000)|sort }}");
  }

  private static void prying(List<Arguments> all) {
    for (String expression :
        List.of(
            "''.__class__.__mro__[1].__subclasses__()",
            "range.__globals__",
            "messages.__class__",
            "messages[0].__init__.__globals__",
            "''['__class__']()",
            "(messages|attr('__class__'))()",
            "''.getClass().forName('java.lang.Runtime')",
            "messages.getClass()",
            "self.__init__()",
            "cycler.__init__.__globals__.os",
            "lipsum.__globals__['os'].popen('id').read()",
            "namespace.__init__()",
            "config.items()['x'].y",
            "request.application.y",
            "''.format(messages).x.y",
            "'%s'|format('x')",
            "joiner()",
            "messages|pprint",
            "''|xmlattr")) {
      add(all, "prying by " + expression, "{{ " + expression + " }}");
    }
    for (String statement :
        List.of(
            "include 'x'",
            "import 'x' as x",
            "from 'x' import y",
            "extends 'x'",
            "block x",
            "call x()",
            "filter upper",
            "autoescape true",
            "do messages.append(1)",
            "for x in y recursive",
            "raw")) {
      add(all, "statement " + statement, "{% " + statement + " %}");
    }
  }

  private static void broken(List<Arguments> all) {
    for (String template :
        List.of(
            "{{",
            "{%",
            "{#",
            "{{ 'a }}",
            "{{ ) }}",
            "{{ 1 + }}",
            "{% if %}",
            "{% for x %}",
            "{% endif %}",
            "{% set %}",
            "{{ \\x }}",
            "{{ a b }}",
            "{% break %}",
            "{{ messages.x.y }}",
            "{{ 1 / 0 }}",
            "{{ 1 % 0 }}",
            "{{ -9223372036854775808 // -1 }}",
            "{{ none + 1 }}",
            "{{ nosuch() }}",
            "{{ 'x'|nosuch }}",
            "{{ 'x' is nosuch }}",
            "{{ raise_exception('no') }}")) {
      add(all, template, template);
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void isRefusedAtOnce(String template) {
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long quickest = Long.MAX_VALUE;
    for (int i = 0; i < TRIES && quickest >= LONGEST.toNanos(); i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> render(template));
      quickest = Math.min(quickest, THREADS.getCurrentThreadCpuTime() - start);
      if (i == 0) {
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated).isLessThan(ALLOCATED_MAX);
      }
    }
    assertThat(Duration.ofNanos(quickest)).isLessThan(LONGEST);
  }

  /** The control: of much work, the same once is fine. */
  @Test
  void honestWorkOfTheSameKindIsDone() {
    render(MEGABYTE.replace("260000", "2000") + "{{ s|length }}{{ s|upper }}{{ s.find('→→') }}");
    render("{% for i in range(2000) %}{{ i }}{% endfor %}");
    render("{{ " + "(".repeat(30) + "1" + ")".repeat(30) + " }}");
    render(
        "{{ "
            + String.join(" + ", IntStream.range(0, 90).mapToObj(String::valueOf).toList())
            + " }}");
  }

  private static String forever(String body) {
    return FOREVER.replace("%s", body);
  }

  private static void render(String template) {
    ChatTemplate.parse(template).render(PromptRequest.of(MESSAGES), "", "");
  }

  private static void add(List<Arguments> all, String name, String template) {
    all.add(argumentSet(name, template));
  }
}
