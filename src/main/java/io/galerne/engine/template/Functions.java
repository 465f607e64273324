package io.galerne.engine.template;

import io.galerne.engine.template.Value.Int;
import io.galerne.engine.template.Value.Mapping;
import io.galerne.engine.template.Value.Sequence;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions that every chat template may call. */
final class Functions {
  private static final int LONGEST_RANGE = 100_000;

  private final Budget budget;
  private final Clock clock;

  Functions(Budget budget, Clock clock) {
    this.budget = budget;
    this.clock = clock;
  }

  void defineIn(Scope scope) {
    define(scope, "range", this::range);
    define(
        scope,
        "namespace",
        arguments -> new Value.Namespace(new LinkedHashMap<>(arguments.named())));
    define(scope, "dict", Functions::dict);
    define(scope, "raise_exception", Functions::raise);
    define(scope, "strftime_now", this::now);
  }

  private static void define(Scope scope, String name, Value.Body body) {
    scope.set(name, new Value.Function(name, body));
  }

  private Value range(Arguments arguments) {
    boolean one = arguments.positional().size() == 1;
    long start = one ? 0 : arguments.integer(0, "start", 0);
    long stop = arguments.integer(one ? 0 : 1, "stop", 0);
    long step = arguments.integer(2, "step", 1);
    if (step == 0) {
      throw new TemplateException("the step of 'range' can't be 0");
    }
    long length = Math.max(0, Math.ceilDiv(stop - start, step));
    if (length > LONGEST_RANGE) {
      throw new TemplateException("'range' is longer than " + LONGEST_RANGE);
    }
    budget.steps(length);
    List<Value> numbers = new ArrayList<>((int) length);
    for (long i = 0; i < length; i++) {
      numbers.add(new Int(start + i * step));
    }
    return new Sequence(numbers);
  }

  private static Value dict(Arguments arguments) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    arguments.named().forEach((name, value) -> entries.put(Text.of(name), value));
    return new Mapping(entries);
  }

  private static Value raise(Arguments arguments) {
    throw new TemplateException(arguments.text(0, "message").toString());
  }

  private Value now(Arguments arguments) {
    String format = arguments.text(0, "format").toString();
    budget.steps(format.length());
    ZonedDateTime now = ZonedDateTime.now(clock);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char character = format.charAt(i);
      if (character == '%' && i + 1 < format.length()) {
        out.append(directive(format.charAt(++i), now));
      } else {
        out.append(character);
      }
    }
    budget.writing(0, out.length());
    return Text.of(out.toString());
  }

  private static String directive(char directive, ZonedDateTime now) {
    String pattern =
        switch (directive) {
          case 'd' -> "dd";
          case 'm' -> "MM";
          case 'b' -> "MMM";
          case 'B' -> "MMMM";
          case 'y' -> "yy";
          case 'Y' -> "yyyy";
          case 'a' -> "EEE";
          case 'A' -> "EEEE";
          case 'j' -> "DDD";
          case 'H' -> "HH";
          case 'I' -> "hh";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'p' -> "a";
          case 'Z' -> "zzz";
          case 'z' -> "xx";
          case '%' -> "'%'";
          default -> throw new TemplateException("'strftime_now' does not know %" + directive);
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
  }
}
