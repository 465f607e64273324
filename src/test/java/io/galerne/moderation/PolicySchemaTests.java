package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.galerne.moderation.policy.PolicyProblem;
import io.galerne.moderation.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the schema says is what the reader takes. */
class PolicySchemaTests {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(PolicySchema.TEXT, InputFormat.JSON);

  private static boolean fits(String policy) {
    return SCHEMA.validate(PolicyText.canonical(policy), InputFormat.JSON).isEmpty();
  }

  private static List<PolicyProblem> problems(String policy) {
    return switch (PolicyText.read(policy)) {
      case PolicyReader.Result.Read _ -> List.of();
      case PolicyReader.Result.Refused(List<PolicyProblem> problems) -> problems;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"bank", "school", "hospital"})
  void theExamplesFit(String name) throws IOException {
    String policy = Files.readString(Path.of("config", "policies", name + ".yaml"));

    assertThat(SCHEMA.validate(PolicyText.canonical(policy), InputFormat.JSON)).isEmpty();
    assertThat(problems(policy)).isEmpty();
  }

  @Test
  void theCategoriesOfTheContractFit() throws IOException {
    assertThat(fits(Files.readString(Path.of("src/main/resources/moderation/categories.yaml"))))
        .isTrue();
  }

  /** Where a value is wrong, the schema and the reader both say so, and the reader says where. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {rules: []}                                               | /name
          {name: ' ', rules: []}                                    | /name
          {name: 7, rules: []}                                      | /name
          {name: n}                                                 | /rules
          {name: n, rules: {}}                                      | /rules
          {name: n, rules: [], other: 1}                            | /other
          {name: n, rules: [], billing: {blocked_input: half}}      | /billing/blocked_input
          {name: n, rules: [], billing: {blocked: nothing}}         | /billing/blocked
          {name: n, rules: [], evidence: {content: perhaps}}        | /evidence/content
          {name: n, rules: [], evidence: {retention_days: 0}}       | /evidence/retention_days
          {name: n, rules: [], evidence: {retention_days: 1.5}}     | /evidence/retention_days
          {name: n, rules: [7]}                                     | /rules/0
          {name: n, rules: [{id: r, category: c, action: flag}]}    | /rules/0/type
          {name: n, rules: [{id: r, category: c, action: flag, type: spam}]} | /rules/0/type
          {name: n, rules: [{id: 'a b', category: c, action: flag, type: secrets}]} | /rules/0/id
          {name: n, rules: [{id: r, category: C-1, action: flag, type: secrets}]} | /rules/0/category
          {name: n, rules: [{id: r, category: c, type: secrets}]}   | /rules/0/action
          {name: n, rules: [{id: r, category: c, action: burn, type: secrets}]} | /rules/0/action
          {name: n, rules: [{id: r, category: c, action: replace, type: secrets}]} | /rules/0/replacement
          {name: n, rules: [{id: r, category: c, action: flag, type: secrets, threshold: 2}]} | /rules/0/threshold
          {name: n, rules: [{id: r, category: c, action: flag, type: secrets, roles: [boss]}]} | /rules/0/roles
          {name: n, rules: [{id: r, category: c, action: flag, type: secrets, applies_to: all}]} | /rules/0/applies_to
          {name: n, rules: [{id: r, category: c, action: flag, type: secrets, phrases: [a]}]} | /rules/0/phrases
          {name: n, rules: [{id: r, category: c, action: flag, type: phrases}]} | /rules/0/phrases
          {name: n, rules: [{id: r, category: c, action: flag, type: phrases, phrases: [' ']}]} | /rules/0/phrases/0
          {name: n, rules: [{id: r, category: c, action: flag, type: regex, patterns: []}]} | /rules/0/patterns
          {name: n, rules: [{id: r, category: c, action: flag, type: pii, kinds: [name]}]} | /rules/0/kinds/0
          {name: n, rules: [{id: r, category: c, action: flag, type: pii, regions: [fr]}]} | /rules/0/regions
          {name: n, rules: [{id: r, category: c, action: flag, type: pii, national_ids: [XX]}]} | /rules/0/national_ids/0
          {name: n, rules: [{id: r, category: c, action: flag, type: language, allowed: [fra]}]} | /rules/0/allowed/0
          {name: n, rules: [{id: r, category: c, action: flag, type: similarity}]} | /rules/0/examples
          {name: n, rules: [{id: r, category: c, action: flag, type: guard_model}]} | /rules/0/model
          {name: n, rules: [{id: r, category: c, action: flag, type: remote, url: 'ftp://h'}]} | /rules/0/url
          {name: n, rules: [{id: r, category: c, action: flag, type: remote, url: 'https://h', timeout_ms: 0}]} | /rules/0/timeout_ms
          """)
  void whatIsWrongIsNamed(String policy, String pointer) {
    assertThat(fits(policy)).as("the schema on " + policy).isFalse();
    assertThat(problems(policy)).extracting(PolicyProblem::pointer).contains(pointer);
  }

  /** What no schema can say. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {name: n, rules: [{id: r, category: c, action: flag, type: regex, patterns: ['(']}]} | /rules/0/patterns
          {name: n, rules: [{id: r, category: c, action: flag, type: secrets}, {id: r, category: c, action: flag, type: secrets}]} | /rules/1/id
          {name: n, rules: [{id: r, category: c, action: flag, type: language, allowed: [qq]}]} | /rules/0/allowed
          """)
  void whatTheReaderAloneSees(String policy, String pointer) {
    assertThat(fits(policy)).isTrue();
    assertThat(problems(policy)).extracting(PolicyProblem::pointer).contains(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{name: [", "just a text", "- a list", "{name: a, name: b, rules: []}"})
  void whatIsNoPolicyIsRefused(String text) {
    assertThat(problems(text)).isNotEmpty();
  }
}
