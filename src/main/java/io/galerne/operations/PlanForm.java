package io.galerne.operations;

import io.galerne.limits.PlanDetails;
import io.galerne.limits.PlanTerms;
import io.galerne.limits.PlanTerms.Problem;
import io.galerne.limits.RateLimits.TokenLimits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form of a plan, as it was sent. What is empty isn't limited.
 *
 * @param cap in units of the currency
 * @param share in percent
 */
record PlanForm(
    @Nullable String name,
    @Nullable String version,
    @Nullable String requests,
    @Nullable String burst,
    @Nullable String minute,
    @Nullable String month,
    @Nullable String cap,
    @Nullable String weight,
    @Nullable String share,
    @Nullable List<String> model,
    @Nullable List<String> modelMinute,
    @Nullable List<String> modelMonth) {
  static final PlanForm EMPTY =
      new PlanForm("", "", "", "", "", "", "", "1", "", List.of(), List.of(), List.of());
  private static final int BLANK_LINES = 2;
  private static final int MICRO_SCALE = 6;

  /** Tokens of one model, as typed. */
  record Line(String model, String minute, String month) {}

  /** What became of reading it. */
  sealed interface Read {}

  record Good(PlanTerms terms) implements Read {}

  record Wrong(List<Problem> problems) implements Read {}

  static PlanForm of(PlanDetails plan) {
    PlanTerms terms = plan.terms();
    List<String> names = List.copyOf(terms.byModel().keySet());
    return new PlanForm(
        plan.id(),
        Integer.toString(plan.version()),
        shown(terms.requestsPerSecond()),
        shown(terms.requestsBurst()),
        shown(terms.tokensPerMinute()),
        shown(terms.tokensPerMonth()),
        terms.spendCapMicros() == null
            ? ""
            : plain(BigDecimal.valueOf(terms.spendCapMicros(), MICRO_SCALE)),
        shown(terms.weight()),
        terms.waitingShare() == null
            ? ""
            : plain(BigDecimal.valueOf(terms.waitingShare()).movePointRight(2)),
        names,
        terms.byModel().values().stream().map(tokens -> shown(tokens.perMinute())).toList(),
        terms.byModel().values().stream().map(tokens -> shown(tokens.perMonth())).toList());
  }

  /** What was typed for models, and some empty lines to type in. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < size(model); i++) {
      Line line = new Line(at(model, i), at(modelMinute, i), at(modelMonth, i));
      if (!line.equals(new Line("", "", ""))) {
        lines.add(line);
      }
    }
    for (int i = 0; i < BLANK_LINES && lines.size() < PlanTerms.MODELS_MAX; i++) {
      lines.add(new Line("", "", ""));
    }
    return lines;
  }

  Read read() {
    List<Problem> problems = new ArrayList<>();
    SortedMap<String, TokenLimits> byModel = new TreeMap<>();
    for (Line line : lines()) {
      Long perMinute = whole(problems, "models", line.minute());
      Long perMonth = whole(problems, "models", line.month());
      if (line.model().isEmpty() && (perMinute != null || perMonth != null)) {
        problems.add(new Problem("models", "a limit without a model"));
      } else if (!line.model().isEmpty()
          && byModel.put(line.model(), new TokenLimits(perMinute, perMonth)) != null) {
        problems.add(new Problem("models", line.model() + " twice"));
      }
    }
    BigDecimal heavy = number(problems, "weight", weight);
    BigDecimal percent = number(problems, "waiting_share", share);
    BigDecimal rate = number(problems, "requests_per_second", requests);
    BigDecimal money = number(problems, "spend_cap_micros", cap);
    Long atOnce = whole(problems, "requests_burst", burst);
    PlanTerms terms =
        new PlanTerms(
            rate == null ? null : rate.doubleValue(),
            atOnce == null ? null : (int) Math.min(atOnce, Integer.MAX_VALUE),
            whole(problems, "tokens_per_minute", minute),
            whole(problems, "tokens_per_month", month),
            money == null ? null : micros(money),
            heavy == null ? 1 : heavy.doubleValue(),
            percent == null ? null : percent.movePointLeft(2).doubleValue(),
            byModel);
    problems.addAll(terms.problems());
    return problems.isEmpty() ? new Good(terms) : new Wrong(problems);
  }

  private static Long micros(BigDecimal amount) {
    return amount.movePointRight(MICRO_SCALE).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }

  private static @Nullable BigDecimal number(
      List<Problem> problems, String field, @Nullable String typed) {
    Typed.Amount read = Typed.number(typed);
    if (read.wrong()) {
      problems.add(new Problem(field, "is no number"));
    }
    return read.value();
  }

  private static @Nullable Long whole(
      List<Problem> problems, String field, @Nullable String typed) {
    BigDecimal number = number(problems, field, typed);
    if (number != null && number.stripTrailingZeros().scale() > 0) {
      problems.add(new Problem(field, "is no whole number"));
      return null;
    }
    return number == null ? null : number.longValue();
  }

  private static int size(@Nullable List<String> list) {
    return list == null ? 0 : Math.min(list.size(), PlanTerms.MODELS_MAX);
  }

  private static String at(@Nullable List<String> list, int index) {
    return list == null || index >= list.size() ? "" : Typed.text(list.get(index), 201);
  }

  private static String shown(@Nullable Number number) {
    return number == null ? "" : plain(new BigDecimal(number.toString()));
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
