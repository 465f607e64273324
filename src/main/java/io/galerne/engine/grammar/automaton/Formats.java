package io.galerne.engine.grammar.automaton;

import io.galerne.engine.grammar.bounds.Budget;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The formats of JSON Schema that are generated, as patterns of the whole text. Each allows only
 * what its specification does; where that is more than is written in practice, it allows less.
 */
public final class Formats {
  private static final String DATE =
      "(\\d{4}-(0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])"
          + "|\\d{4}-(0[469]|11)-(0[1-9]|[12]\\d|30)"
          + "|\\d{4}-02-(0[1-9]|1\\d|2[0-8])"
          + "|(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";
  private static final String TIME =
      "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-](0\\d|1[0-3]):[0-5]\\d)";
  private static final String DURATION_TIME =
      "T(\\d{1,9}H(\\d{1,9}M(\\d{1,9}S)?)?|\\d{1,9}M(\\d{1,9}S)?|\\d{1,9}S)";
  private static final String DURATION =
      "P("
          + DURATION_TIME
          + "|\\d{1,9}W|(\\d{1,9}Y(\\d{1,9}M(\\d{1,9}D)?)?|\\d{1,9}M(\\d{1,9}D)?|\\d{1,9}D)("
          + DURATION_TIME
          + ")?)";
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final String IPV4 = OCTET + "(\\." + OCTET + "){3}";
  private static final String LABEL = "[A-Za-z]([A-Za-z0-9]|-[A-Za-z0-9]){0,20}";
  private static final String HOSTNAME = LABEL + "(\\." + LABEL + "){0,3}";
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,31}";

  /** Validators look top level domains up, so only such are generated as all of them know. */
  private static final String TOP_LEVEL =
      "(com|org|net|edu|gov|int|info|biz|eu|fr|de|uk|it|es|pt|nl|be|lu|ch|at|ie|pl|cz|sk|hu|ro|bg|gr"
          + "|se|no|fi|dk|us|ca|mx|br|ar|jp|cn|in|kr|au|nz|za|ma|tn|dz|tr|il|ua|io|ai|co|me|dev|app)";

  private static final String EMAIL =
      ATOM + "(\\." + ATOM + ")?@(" + LABEL + "\\.){1,3}" + TOP_LEVEL;
  private static final String HEX = "[0-9A-Fa-f]";
  private static final String UUID = HEX + "{8}(-" + HEX + "{4}){3}-" + HEX + "{12}";
  private static final String ESCAPED = "%" + HEX + HEX;
  private static final String PCHAR = "([A-Za-z0-9._~!$&'()*+,;=:@-]|" + ESCAPED + ")";
  private static final String QUERY = "(\\?([/?]|" + PCHAR + ")*)?(#([/?]|" + PCHAR + ")*)?";
  private static final String URI =
      "[A-Za-z][A-Za-z0-9+.-]*:(//([A-Za-z0-9._~-]+@)?"
          + "([A-Za-z0-9._~-]|"
          + ESCAPED
          + ")+(:[0-9]{1,5})?(/"
          + PCHAR
          + "*)*|/?"
          + PCHAR
          + "+(/"
          + PCHAR
          + "*)*)"
          + QUERY;
  private static final String SEGMENT = "([A-Za-z0-9._~!$&'()*+,;=@-]|" + ESCAPED + ")+";
  private static final String RELATIVE =
      "((/" + PCHAR + "+)+/?|/|" + SEGMENT + "(/" + PCHAR + "*)*|)" + QUERY;
  private static final String POINTER = "(/([A-Za-z0-9._-]|~[01])*)*";

  private static final Map<String, String> PATTERNS =
      Map.ofEntries(
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("date-time", DATE + "T" + TIME),
          Map.entry("duration", DURATION),
          Map.entry("email", EMAIL),
          Map.entry("idn-email", EMAIL),
          Map.entry("hostname", HOSTNAME),
          Map.entry("idn-hostname", HOSTNAME),
          Map.entry("ipv4", IPV4),
          Map.entry("ipv6", ipv6()),
          Map.entry("uuid", UUID),
          Map.entry("uri", URI),
          Map.entry("iri", URI),
          Map.entry("uri-reference", "(" + URI + "|" + RELATIVE + ")"),
          Map.entry("iri-reference", "(" + URI + "|" + RELATIVE + ")"),
          Map.entry("json-pointer", POINTER),
          Map.entry("relative-json-pointer", "(0|[1-9][0-9]{0,8})(#|" + POINTER + ")"));

  /** Named by a specification, but not generated. */
  private static final Set<String> REFUSED = Set.of("uri-template", "regex");

  private static final Map<String, Dfa> COMPILED = new ConcurrentHashMap<>();

  private Formats() {}

  /** The JSON strings of a format, quotes and all; made once for all grammars. */
  public static Optional<Dfa> strings(String format) {
    String pattern = PATTERNS.get(format);
    return pattern == null
        ? Optional.empty()
        : Optional.of(
            COMPILED.computeIfAbsent(
                format, _ -> Regex.wholeString(pattern, Escapes.NEEDED, Budget.unlimited())));
  }

  /** Whether a specification defines the format, and yet it isn't generated. */
  public static boolean isRefused(String format) {
    return REFUSED.contains(format);
  }

  /** RFC 4291's eight groups, one run of which may be left out. */
  private static String ipv6() {
    String group = HEX + "{1,4}";
    String last = "(" + group + ":" + group + "|" + IPV4 + ")";
    StringBuilder all = new StringBuilder("((" + group + ":){6}" + last);
    for (int before = 0; before <= 5; before++) {
      String head = before == 0 ? "" : "(" + group + ":){" + (before - 1) + "}" + group;
      for (int after = 0; before + after <= 5; after++) {
        all.append('|').append(head).append("::");
        if (after > 0) {
          all.append("(" + group + ":){" + (after - 1) + "}" + group);
        }
      }
    }
    for (int before = 0; before <= 4; before++) {
      String head = before == 0 ? "" : "(" + group + ":){" + (before - 1) + "}" + group;
      all.append('|').append(head).append("::(" + group + ":){0," + (4 - before) + "}" + IPV4);
    }
    for (int before = 6; before <= 7; before++) {
      all.append("|(" + group + ":){" + (before - 1) + "}" + group + "::");
    }
    for (int before = 0; before <= 6; before++) {
      int after = 6 - before;
      String head = before == 0 ? "" : "(" + group + ":){" + (before - 1) + "}" + group;
      all.append('|').append(head).append("::");
      if (after > 0) {
        all.append("(" + group + ":){" + (after - 1) + "}" + group);
      }
    }
    return all.append(')').toString();
  }
}
