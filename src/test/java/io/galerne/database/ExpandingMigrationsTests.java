package io.galerne.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Migrations leave the previous build what it uses, so that both run while replicas are replaced. A
 * statement that takes something away says in a comment before it, {@code -- contract: ...}, which
 * build was the last to use it.
 */
class ExpandingMigrationsTests {
  /** Before this one there was no build that anybody had to go on with. */
  private static final int FIRST = 16;

  private static final Pattern VERSION = Pattern.compile("V(\\d+)__.*\\.sql");
  private static final List<Pattern> CONTRACTING =
      Stream.of(
              "drop (table|column|constraint|function|view|policy|trigger|type|schema|role)",
              "rename (to|column|constraint|value)",
              "alter (column )?\\w+ (set not null|type|set data type|drop default)",
              "add (column )?\\w+ (?!constraint)[^,;]*?not null(?![^,;]*default)(?<!default"
                  + " [^,;]{0,60}not null)",
              "as restrictive",
              "revoke ",
              "truncate ",
              "delete from ")
          .map(Pattern::compile)
          .toList();

  @Test
  void newMigrationsOnlyAdd() throws IOException {
    List<String> taken = new ArrayList<>();
    int looked = 0;
    try (Stream<Path> files = Files.list(Path.of("db", "migration"))) {
      for (Path file : files.sorted().toList()) {
        Matcher version = VERSION.matcher(file.getFileName().toString());
        if (version.matches() && Integer.parseInt(version.group(1)) >= FIRST) {
          looked++;
          taken(Files.readString(file)).forEach(what -> taken.add(file + ": " + what));
        }
      }
    }
    assertThat(looked).isPositive();
    assertThat(taken).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drop table chat_message;",
        "alter table tenant\n  drop column name;",
        "alter table tenant rename to organisation;",
        "alter table tenant rename column name to title;",
        "alter table tenant alter column plan set not null;",
        "alter table tenant alter column version type bigint;",
        "alter table tenant add column region text not null;",
        "revoke select on tenant from galerne_app;",
        "create policy narrow on tenant as restrictive using (true);",
        "delete from tenant;"
      })
  void whatTakesAwayIsFound(String migration) {
    assertThat(taken(migration)).hasSize(1);
    assertThat(taken("-- contract: last used by 0.3\n" + migration)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table fresh (id uuid primary key, name text not null);",
        "alter table tenant add column region text not null default 'eu';",
        "alter table tenant add column region text default 'eu' not null;",
        "alter table tenant add column region text;",
        "-- we could drop table tenant\ncreate index by_name on tenant (name);"
      })
  void whatAddsIsNot(String migration) {
    assertThat(taken(migration)).isEmpty();
  }

  private static List<String> taken(String migration) {
    List<String> found = new ArrayList<>();
    for (String statement : migration.split(";", -1)) {
      if (statement.contains("-- contract: ")) {
        continue;
      }
      String plain =
          statement.replaceAll("--[^\\n]*", "").replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
      CONTRACTING.stream()
          .map(pattern -> pattern.matcher(plain))
          .filter(Matcher::find)
          .findFirst()
          .ifPresent(match -> found.add(match.group()));
    }
    return found;
  }
}
