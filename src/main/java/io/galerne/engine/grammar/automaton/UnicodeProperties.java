package io.galerne.engine.grammar.automaton;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The general categories that {@code \p{…}} names, by their short and long names. */
final class UnicodeProperties {
  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("Letter", "L"),
          Map.entry("Uppercase_Letter", "Lu"),
          Map.entry("Lowercase_Letter", "Ll"),
          Map.entry("Titlecase_Letter", "Lt"),
          Map.entry("Modifier_Letter", "Lm"),
          Map.entry("Other_Letter", "Lo"),
          Map.entry("Mark", "M"),
          Map.entry("Number", "N"),
          Map.entry("Decimal_Number", "Nd"),
          Map.entry("digit", "Nd"),
          Map.entry("Punctuation", "P"),
          Map.entry("punct", "P"),
          Map.entry("Symbol", "S"),
          Map.entry("Separator", "Z"));

  /** By the numbers of {@link Character#getType(int)}. */
  private static final List<String> CATEGORIES =
      List.of(
          "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "", "Zs", "Zl",
          "Zp", "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So",
          "Pi", "Pf");

  private static final Map<String, CharSet> KNOWN = new ConcurrentHashMap<>();

  private UnicodeProperties() {}

  static Optional<CharSet> named(String name) {
    int equals = name.indexOf('=');
    boolean general = equals < 0 || name.startsWith("gc=") || name.startsWith("General_Category=");
    String value = name.substring(equals + 1);
    String category = LONG_NAMES.getOrDefault(value, value);
    boolean exists =
        category.length() == 1
            ? "LMNPSZC".contains(category)
            : category.length() == 2 && CATEGORIES.contains(category);
    return general && exists
        ? Optional.of(KNOWN.computeIfAbsent(category, UnicodeProperties::scan))
        : Optional.empty();
  }

  private static CharSet scan(String category) {
    List<Integer> bounds = new ArrayList<>();
    int from = -1;
    for (int c = 0; c <= CharSet.LAST + 1; c++) {
      boolean inside =
          c <= CharSet.LAST && CATEGORIES.get(Character.getType(c)).startsWith(category);
      if (inside && from < 0) {
        from = c;
      } else if (!inside && from >= 0) {
        bounds.add(from);
        bounds.add(c - 1);
        from = -1;
      }
    }
    return new CharSet(bounds.stream().mapToInt(Integer::intValue).toArray());
  }
}
