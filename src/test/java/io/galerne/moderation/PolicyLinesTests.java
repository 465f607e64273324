package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.moderation.policy.PolicyProblem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyLinesTests {
  private static final String YAML =
      """
      # of the house
      name: House
      rules:
        - id: one
          type: phrases
          phrases: [a,
            b]
        - {id: two,
           a/b: 1}
      """;

  @ParameterizedTest
  @CsvSource({
    "'', 1",
    "/name, 2",
    "/rules, 3",
    "/rules/0, 4",
    "/rules/0/phrases, 6",
    "/rules/0/phrases/1, 7",
    "/rules/1/id, 8",
    "/rules/1/a~1b, 9",
    "/rules/0/category, 4",
    "/rules/7/id, 3",
    "/nothing, 1"
  })
  void aPointerLeadsToItsLine(String pointer, int line) {
    assertThat(PolicyLines.of(YAML).line(pointer)).isEqualTo(line);
  }

  @ParameterizedTest
  @CsvSource({"'a: 1\nb: [', 3", "'a: 1\na: 2', 2", "'{\"a\": 1,\n\"b\" 2}', 2", "'\t', 1"})
  void whereATextStopsBeingOneIsKnown(String text, int line) {
    List<PolicyIssue> issues = PolicyIssue.of(text, List.of(new PolicyProblem("", "m")));
    assertThat(issues.getFirst().line()).isBetween(line - 1, line);
  }

  @Test
  void jsonHasLinesToo() {
    String json = "{\n\"name\": 1,\n\"rules\": [\n{\"id\": 2}]}";
    assertThat(PolicyLines.of(json).line("/rules/0/id")).isEqualTo(4);
  }

  /** An alias would have a tree of ten billion nodes. */
  @Test
  void aBombIsNoTree() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    assertThat(PolicyLines.of(bomb.toString()).line("/a39")).isPositive();
  }
}
