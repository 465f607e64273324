package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;
import io.galerne.engine.grammar.bounds.GrammarException.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Sets of numbers as automata over their plain decimal spellings, without an exponent. Each set
 * holds all plain spellings of its numbers or none, so that differences of sets are exact.
 */
public final class Numbers {
  private static final int MOST_RESIDUES = 10_000;
  private static final int MOST_DIGITS = 64;
  private static final byte[] ALPHABET = alphabet();

  private static final Dfa PLAIN = makePlain(Budget.unlimited());
  private static final Dfa INTEGERS = makeIntegers(Budget.unlimited());
  private static final Dfa JSON =
      Regex.text("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,2})?", Budget.unlimited());
  private static final Dfa INTEGER_SPELLING = Regex.text("0|-?[1-9][0-9]*", Budget.unlimited());

  private Numbers() {}

  private enum Phase {
    START,
    MINUS,
    ZERO,
    INTEGER,
    POINT,
    FRACTION
  }

  /** The part of a number that every set of numbers follows. */
  private record Shape(boolean negative, Phase phase) {
    @Nullable Shape next(int value) {
      boolean digit = value >= '0' && value <= '9';
      return switch (phase) {
        case START -> value == '-' ? new Shape(true, Phase.MINUS) : digit ? integer(value) : null;
        case MINUS -> digit ? integer(value) : null;
        case ZERO -> value == '.' ? new Shape(negative, Phase.POINT) : null;
        case INTEGER -> digit ? this : value == '.' ? new Shape(negative, Phase.POINT) : null;
        case POINT, FRACTION -> digit ? new Shape(negative, Phase.FRACTION) : null;
      };
    }

    private Shape integer(int value) {
      return new Shape(negative, value == '0' ? Phase.ZERO : Phase.INTEGER);
    }

    boolean isNumber() {
      return phase == Phase.ZERO || phase == Phase.INTEGER || phase == Phase.FRACTION;
    }
  }

  /** All plain decimals. */
  public static Dfa plain() {
    return PLAIN;
  }

  private static Dfa makePlain(Budget budget) {
    return DfaBuilder.explore(
        ALPHABET,
        new Shape(false, Phase.START),
        Shape::next,
        shape -> shape.isNumber() ? 0 : Dfa.REJECT,
        budget);
  }

  /** A number as JSON spells it in general, with exponents that a double can hold. */
  public static Dfa json() {
    return JSON;
  }

  /** Integers as programs read them: without a fraction and without a negative zero. */
  public static Dfa integerSpelling() {
    return INTEGER_SPELLING;
  }

  /** A number with all digits of its fraction zero so far, or some other. */
  private record Whole(Shape shape, boolean whole) {}

  /** All integers, {@code 1.0} among them as JSON Schema has it. */
  public static Dfa integers() {
    return INTEGERS;
  }

  private static Dfa makeIntegers(Budget budget) {
    return DfaBuilder.explore(
        ALPHABET,
        new Whole(new Shape(false, Phase.START), true),
        (state, value) -> {
          Shape shape = state.shape.next(value);
          boolean fraction = shape != null && shape.phase == Phase.FRACTION && value != '0';
          return shape == null || fraction ? null : new Whole(shape, true);
        },
        state -> state.shape.isNumber() ? 0 : Dfa.REJECT,
        budget);
  }

  /**
   * How the digits so far compare with a bound's.
   *
   * @param read digits of the integer part, or of the fraction once that has begun
   */
  private record Compared(Shape shape, int sign, int read) {}

  /** The numbers whose comparison with a bound, -1, 0 or 1, satisfies a condition. */
  public static Dfa comparing(BigDecimal bound, IntPredicate condition, Budget budget) {
    BigDecimal magnitude = plainMagnitude(bound, budget);
    String text = magnitude.toPlainString();
    int point = text.indexOf('.');
    byte[] whole = bytes(point < 0 ? text : text.substring(0, point));
    byte[] fraction = bytes(point < 0 ? "" : text.substring(point + 1));
    int signum = bound.signum();
    return DfaBuilder.explore(
        ALPHABET,
        new Compared(new Shape(false, Phase.START), 0, 0),
        (state, value) -> compare(state, value, whole, fraction),
        state -> {
          if (!state.shape.isNumber()) {
            return Dfa.REJECT;
          }
          int magnitudes = compareAtEnd(state, whole, fraction);
          return condition.test(compareSigned(state.shape.negative, magnitudes, signum))
              ? 0
              : Dfa.REJECT;
        },
        budget);
  }

  private static @Nullable Compared compare(
      Compared state, int value, byte[] whole, byte[] fraction) {
    Shape shape = state.shape.next(value);
    if (shape == null) {
      return null;
    }
    return switch (shape.phase) {
      case START, MINUS -> new Compared(shape, 0, 0);
      case POINT -> new Compared(shape, compareWhole(state, whole), 0);
      case ZERO, INTEGER -> {
        int read = Math.min(state.read + 1, whole.length + 1);
        int sign = state.sign;
        if (sign == 0 && state.read < whole.length) {
          sign = Integer.signum(value - whole[state.read]);
        }
        yield new Compared(shape, read > whole.length ? 1 : sign, read);
      }
      case FRACTION -> {
        int sign = state.sign;
        if (sign == 0) {
          int digit = state.read < fraction.length ? fraction[state.read] : '0';
          sign = Integer.signum(value - digit);
        }
        int read = sign == 0 ? Math.min(state.read + 1, fraction.length) : 0;
        yield new Compared(shape, sign, read);
      }
    };
  }

  private static int compareWhole(Compared state, byte[] whole) {
    return state.read < whole.length ? -1 : state.sign;
  }

  private static int compareAtEnd(Compared state, byte[] whole, byte[] fraction) {
    if (state.shape.phase == Phase.FRACTION) {
      return state.sign == 0 && state.read < fraction.length ? -1 : state.sign;
    }
    int sign = compareWhole(state, whole);
    return sign == 0 && fraction.length > 0 ? -1 : sign;
  }

  /** Compares signed numbers by how their magnitudes compare. */
  private static int compareSigned(boolean negative, int magnitudes, int boundSign) {
    if (boundSign < 0) {
      return negative ? -magnitudes : 1;
    }
    if (!negative) {
      return magnitudes;
    }
    return boundSign == 0 && magnitudes == 0 ? 0 : -1;
  }

  private record Divided(Shape shape, int residue, int scale) {}

  /** The multiples of a positive number. */
  public static Dfa multiplesOf(BigDecimal divisor, Budget budget) {
    BigDecimal plain = plainMagnitude(divisor, budget);
    int scale = Math.max(plain.scale(), 0);
    BigInteger unscaled = plain.setScale(scale).unscaledValue();
    if (unscaled.compareTo(BigInteger.valueOf(MOST_RESIDUES)) > 0) {
      throw budget.refusal(
          Kind.UNSUPPORTED,
          "only divisors of up to " + MOST_RESIDUES + " units of their last digit");
    }
    int modulus = unscaled.intValueExact();
    return DfaBuilder.explore(
        ALPHABET,
        new Divided(new Shape(false, Phase.START), 0, 0),
        (state, value) -> {
          Shape shape = state.shape.next(value);
          if (shape == null || value == '-' || value == '.') {
            return shape == null ? null : new Divided(shape, state.residue, 0);
          }
          boolean fraction = shape.phase == Phase.FRACTION;
          if (fraction && state.scale == scale) {
            return value == '0' ? new Divided(shape, state.residue, scale) : null;
          }
          int residue = (int) ((state.residue * 10L + (value - '0')) % modulus);
          return new Divided(shape, residue, fraction ? state.scale + 1 : 0);
        },
        state -> {
          long residue = state.residue;
          for (int i = state.scale; i < scale; i++) {
            residue = residue * 10 % modulus;
          }
          return state.shape.isNumber() && residue == 0 ? 0 : Dfa.REJECT;
        },
        budget);
  }

  private static BigDecimal plainMagnitude(BigDecimal number, Budget budget) {
    BigDecimal stripped = number.abs().stripTrailingZeros();
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    long digits =
        Math.max(stripped.scale(), 0L)
            + Math.max(stripped.precision() - (long) stripped.scale(), 0L);
    if (digits > MOST_DIGITS) {
      throw budget.refusal(Kind.UNSUPPORTED, "numbers have at most " + MOST_DIGITS + " digits");
    }
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static byte[] bytes(String digits) {
    return digits.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] alphabet() {
    byte[] classes = new byte[256];
    List<Character> told = new ArrayList<>();
    for (char c : "0123456789-.".toCharArray()) {
      told.add(c);
      classes[c] = (byte) told.size();
    }
    return classes;
  }
}
