package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.moderation.PolicyDiff.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyDiffTests {
  private static String policy(String... rules) {
    return "{name: p, rules: [" + String.join(", ", rules) + "]}";
  }

  @Test
  void aRuleThatIsPutInBetweenMovesNoOther() {
    String one = "{id: one, action: flag}";
    String two = "{id: two, action: flag}";
    List<Change> changes =
        PolicyDiff.between(policy(one, two), policy(one, "{id: new, action: flag}", two));

    assertThat(changes)
        .containsExactly(
            new Change("/rules/1", "new", null, "{\"action\":\"flag\",\"id\":\"new\"}"));
  }

  @Test
  void whatIsGonePointsToWhereItWas() {
    List<Change> changes =
        PolicyDiff.between(policy("{id: one}", "{id: two}"), policy("{id: two}"));

    assertThat(changes).containsExactly(new Change("/rules/0", "one", "{\"id\":\"one\"}", null));
  }

  @Test
  void aChangeWithinARuleNamesIt() {
    List<Change> changes =
        PolicyDiff.between(
            policy("{id: one, action: flag}"), policy("{id: two}", "{id: one, action: block}"));

    assertThat(changes)
        .containsExactly(
            new Change("/rules/0", "two", null, "{\"id\":\"two\"}"),
            new Change("/rules/1/action", "one", "\"flag\"", "\"block\""));
    assertThat(changes.get(1).beforeText()).isEqualTo("flag");
    assertThat(changes.get(0).afterText()).isEqualTo("id: two");
    assertThat(changes.get(0).beforeText()).isEmpty();
  }

  @Test
  void theSamePolicyDiffersInNothing() {
    assertThat(PolicyDiff.between("{name: p, rules: []}", "rules: []\nname: p\n")).isEmpty();
  }

  @Test
  void writtenOutItIsTheSamePolicy() {
    String policy =
        "{rules: [{type: phrases, phrases: ['yes', 'a: b'], id: r}], name: p, description: ''}";
    assertThat(PolicyLayout.yaml(policy)).startsWith("name: p\n");
    assertThat(PolicyText.canonical(PolicyLayout.yaml(policy)))
        .isEqualTo(PolicyText.canonical(PolicyLayout.json(policy)))
        .isEqualTo(PolicyText.canonical(policy));
  }
}
