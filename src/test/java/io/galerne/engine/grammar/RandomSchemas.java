package io.galerne.engine.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Schemas by chance, of all keywords that are supported. */
public final class RandomSchemas {
  static final List<String> NAMES = List.of("a", "ab", "name", "größe", "x-1", "a\\\"b");
  private static final List<String> PATTERNS =
      List.of(
          "^[a-z]{2,4}$", "foo", "^(a|ab)*c?$", "^\\\\d{3}-\\\\d{2}$", "[^a]$", "^é+$", "\\\\n|x");
  private static final List<String> FORMATS =
      List.of(
          "date",
          "time",
          "date-time",
          "email",
          "hostname",
          "ipv4",
          "ipv6",
          "uuid",
          "uri",
          "duration",
          "json-pointer");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-3",
          "2.50",
          "\"a\"",
          "\"\\\"\\\\\\n\"",
          "\"日本\"",
          "[]",
          "[1,\"x\"]",
          "{}",
          "{\"a\":1,\"b\":[null]}");

  private final Random random;

  public RandomSchemas(long seed) {
    this.random = new Random(seed);
  }

  /** A schema whose references lead to a definition of its own, which may lead to itself. */
  public String next() {
    return "{\"$defs\":{\"d\":%s},\"allOf\":[%s]}".formatted(schema(2), schema(3));
  }

  private String schema(int depth) {
    int kinds = depth > 0 ? 16 : 9;
    return switch (random.nextInt(kinds)) {
      case 0 -> "{\"type\":\"string\"%s}".formatted(lengths("Length", 12));
      case 1 ->
          "{\"type\":\"string\",\"pattern\":\"%s\"%s}"
              .formatted(one(PATTERNS), lengths("Length", 40));
      case 2 -> "{\"type\":\"string\",\"format\":\"%s\"}".formatted(one(FORMATS));
      case 3 -> "{\"type\":\"integer\"%s}".formatted(bounds());
      case 4 -> "{\"type\":\"number\"%s}".formatted(bounds());
      case 5 -> "{\"enum\":[%s]}".formatted(several(VALUES));
      case 6 -> "{\"const\":%s}".formatted(one(VALUES));
      case 7 -> "{\"type\":[\"null\",\"boolean\",\"string\"]}";
      case 8 ->
          random.nextInt(4) == 0
              ? "true"
              : "{\"type\":\"integer\",\"multipleOf\":%d}".formatted(1 + random.nextInt(12));
      case 9, 10 -> object(depth);
      case 11 -> array(depth);
      case 12 -> "{\"anyOf\":[%s,%s]}".formatted(schema(depth - 1), schema(depth - 1));
      case 13 -> "{\"oneOf\":[%s,%s]}".formatted(schema(depth - 1), schema(depth - 1));
      case 14 ->
          switch (random.nextInt(3)) {
            case 0 -> "{\"allOf\":[%s,%s]}".formatted(object(depth - 1), object(depth - 1));
            case 1 ->
                "{\"type\":[\"string\",\"integer\",\"array\"],\"not\":%s}"
                    .formatted(schema(depth - 1));
            default ->
                "{\"if\":%s,\"then\":%s,\"else\":%s}"
                    .formatted(schema(depth - 1), schema(depth - 1), schema(depth - 1));
          };
      default -> "{\"$ref\":\"#/$defs/d\"}";
    };
  }

  private String object(int depth) {
    StringJoiner all = new StringJoiner(",", "{", "}");
    all.add("\"type\":\"object\"");
    StringJoiner properties = new StringJoiner(",", "{", "}");
    List<String> names = new ArrayList<>(NAMES);
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = names.remove(random.nextInt(names.size()));
      properties.add("\"%s\":%s".formatted(name, schema(depth - 1)));
    }
    all.add("\"properties\":" + properties);
    if (random.nextBoolean()) {
      all.add("\"required\":[\"%s\"]".formatted(one(NAMES)));
    }
    switch (random.nextInt(5)) {
      case 0, 1 -> all.add("\"additionalProperties\":false");
      case 2 -> all.add("\"additionalProperties\":" + schema(depth - 1));
      case 3 -> all.add("\"patternProperties\":{\"^x\":%s}".formatted(schema(depth - 1)));
      default -> all.add("\"propertyNames\":{\"pattern\":\"^[a-c]{1,2}$\"}");
    }
    if (random.nextInt(4) == 0) {
      all.add("\"dependentRequired\":{\"a\":[\"ab\"]}");
    }
    return all.toString();
  }

  private String array(int depth) {
    StringJoiner all = new StringJoiner(",", "{", "}");
    all.add("\"type\":\"array\"");
    if (random.nextBoolean()) {
      all.add("\"items\":" + schema(depth - 1));
    }
    if (random.nextInt(3) == 0) {
      all.add("\"prefixItems\":[%s,%s]".formatted(schema(depth - 1), schema(depth - 1)));
    }
    if (random.nextInt(4) == 0) {
      all.add("\"contains\":{\"type\":[\"null\",\"boolean\"]}");
    }
    return all.toString().replaceFirst("}$", lengths("Items", 5) + "}");
  }

  private String lengths(String of, int most) {
    int min = random.nextInt(most);
    return switch (random.nextInt(4)) {
      case 0 -> ",\"min%s\":%d".formatted(of, min);
      case 1 -> ",\"max%s\":%d".formatted(of, min + random.nextInt(most));
      case 2 -> ",\"min%1$s\":%2$d,\"max%1$s\":%3$d".formatted(of, min, min + random.nextInt(most));
      default -> "";
    };
  }

  private String bounds() {
    int low = random.nextInt(200) - 100;
    String fraction = random.nextBoolean() ? "" : "." + random.nextInt(1, 100);
    return switch (random.nextInt(4)) {
      case 0 -> ",\"minimum\":%d%s".formatted(low, fraction);
      case 1 -> ",\"exclusiveMaximum\":%d%s".formatted(low, fraction);
      case 2 ->
          ",\"minimum\":%d%s,\"maximum\":%d"
              .formatted(low, fraction, low + 2 + random.nextInt(200));
      default -> "";
    };
  }

  private String several(List<String> values) {
    return String.join(",", one(values), one(values), one(values));
  }

  private String one(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
