package io.galerne.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON-Schema-Test-Suite, each instance fed byte by byte and token by token. Run alone it
 * prints its figures: {@code mvn test -Dtest=JsonSchemaTestSuiteTests}.
 *
 * <p>Valid instances may be refused where a schema has a {@code format}, and nowhere else: to the
 * suite's required cases that is an annotation, here it is a rule, and texts that few programs
 * read, such as leap seconds, aren't written although the format's own specification has them.
 */
class JsonSchemaTestSuiteTests {
  /** What became of the cases of one file or draft. */
  private static final class Figures {
    int right;
    int validRefused;
    int stricterFormat;
    int refusedAtCompile;
    int invalidAccepted;

    int all() {
      return right + validRefused + stricterFormat + refusedAtCompile + invalidAccepted;
    }

    @Override
    public String toString() {
      return "%4d cases: %4d right, %3d refused at compile, %d invalid accepted, %d valid refused, %d valid refused by format on purpose"
          .formatted(all(), right, refusedAtCompile, invalidAccepted, validRefused, stricterFormat);
    }
  }

  private final TokenMasks masks = BundledVocabulary.masks();
  private final Map<String, Figures> byDraft = new TreeMap<>();
  private final Map<String, Figures> byFile = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> refusals = new TreeMap<>();

  @Test
  void acceptsNoInvalidInstance() throws IOException {
    JsonNode suite;
    try (InputStream file =
        new GZIPInputStream(
            JsonSchemaTestSuiteTests.class.getResourceAsStream(
                "/json-schema-test-suite.json.gz"))) {
      suite = JsonMapper.shared().readTree(file);
    }
    for (JsonNode file : suite.get("files")) {
      String name = file.get("name").stringValue();
      boolean required = !name.contains("/");
      if (required || name.startsWith("optional/format/")) {
        file.get("groups").forEach(group -> run(file.get("draft").stringValue(), name, group));
      }
    }
    boolean verbose = Boolean.getBoolean("suite.verbose");
    if (verbose) {
      byFile.forEach((name, figures) -> System.out.println(figures + "  " + name));
      refusals.forEach((why, count) -> System.out.println(count + "  " + why));
      wrong.forEach(System.out::println);
    }
    byDraft.forEach((draft, figures) -> System.out.println(figures + "  " + draft));
    assertThat(byDraft.values()).allSatisfy(f -> assertThat(f.invalidAccepted).isZero());
    assertThat(byDraft.values()).allSatisfy(f -> assertThat(f.validRefused).isZero());
    assertThat(byDraft.get("draft7 required"))
        .satisfies(f -> assertThat(f.stricterFormat).isZero());
    assertThat(byDraft.get("draft2020-12 required"))
        .satisfies(f -> assertThat(f.right).isGreaterThan(f.all() * 6 / 10));
    assertThat(byDraft.get("draft7 required"))
        .satisfies(f -> assertThat(f.right).isGreaterThan(f.all() * 6 / 10));
  }

  private void run(String draft, String file, JsonNode group) {
    String kind = draft + (file.contains("/") ? " formats" : " required");
    Optional<Grammar> grammar = Optional.empty();
    boolean unsatisfiable = false;
    try {
      String schema = group.get("schema").toString();
      if (draft.equals("draft7")
          && group.get("schema").isObject()
          && !group.get("schema").has("$schema")) {
        schema =
            "{\"$schema\":\"http://json-schema.org/draft-07/schema#\""
                + (group.get("schema").isEmpty() ? "" : ",")
                + schema.substring(1);
      }
      grammar = Optional.of(Grammar.jsonSchema(schema, Whitespace.BOUNDED, GrammarLimits.DEFAULT));
    } catch (GrammarException e) {
      unsatisfiable = e.kind() == GrammarException.Kind.UNSATISFIABLE;
      refusals.merge(
          e.kind()
              + " "
              + e.keyword()
              + ": "
              + String.valueOf(e.getMessage()).replaceAll(".*: ", ""),
          1,
          Integer::sum);
    }
    for (JsonNode test : group.get("tests")) {
      for (Figures figures :
          List.of(
              byDraft.computeIfAbsent(kind, _ -> new Figures()),
              byFile.computeIfAbsent(draft + "/" + file, _ -> new Figures()))) {
        count(
            figures,
            grammar,
            unsatisfiable,
            group.get("schema").has("format"),
            test,
            draft + "/" + file + ": " + group.get("description"));
      }
    }
  }

  private void count(
      Figures figures,
      Optional<Grammar> grammar,
      boolean unsatisfiable,
      boolean format,
      JsonNode test,
      String name) {
    boolean valid = test.get("valid").booleanValue();
    byte[] text = test.get("text").stringValue().getBytes(StandardCharsets.UTF_8);
    if (grammar.isEmpty()) {
      // That no value is valid is the right answer for one that isn't.
      if (unsatisfiable && !valid) {
        figures.right++;
      } else {
        figures.refusedAtCompile++;
        if (unsatisfiable) {
          wrong.add("UNSATISFIABLE " + name + " " + test.get("text"));
        }
      }
      return;
    }
    boolean byBytes =
        grammar.get().start().advance(text).map(GrammarState::isComplete).orElse(false);
    assertThat(acceptsTokens(grammar.get(), text)).as(name).isEqualTo(byBytes);
    if (byBytes == valid) {
      figures.right++;
    } else if (valid && format) {
      figures.stricterFormat++;
      wrong.add("valid refused by format: " + name + " " + test.get("text"));
    } else if (valid) {
      figures.validRefused++;
      wrong.add("valid refused: " + name + " " + test.get("text"));
    } else {
      figures.invalidAccepted++;
      wrong.add("INVALID ACCEPTED: " + name + " " + test.get("text"));
    }
  }

  private boolean acceptsTokens(Grammar grammar, byte[] text) {
    long[] allowed = new long[masks.vocabulary().maskLength()];
    GrammarState state = grammar.start();
    for (int token : BundledVocabulary.encode(text)) {
      masks.fill(state, allowed);
      boolean bit = ((allowed[token >> 6] >>> token) & 1) != 0;
      Optional<GrammarState> next = masks.tryAdvance(state, token);
      assertThat(next.isPresent()).as("mask and step agree").isEqualTo(bit);
      if (next.isEmpty()) {
        return false;
      }
      state = next.get();
    }
    return state.isComplete();
  }
}
