package io.galerne.moderation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.guard.GuardedRule;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyProblem;
import io.galerne.moderation.policy.PolicyReader;
import io.galerne.moderation.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Shows what a draft would change: it judges texts by the draft and by the version in force. What
 * the detectors behind models cost is the caller's, so a run has an end.
 */
@Component
public class DryRun {
  private final PolicyService policies;
  private final PolicyRecords records;
  private final CallerJudges judges;
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final ModerationProperties properties;

  DryRun(
      PolicyService policies,
      PolicyRecords records,
      CallerJudges judges,
      TenantTransactions transactions,
      JdbcClient jdbc,
      ModerationProperties properties) {
    this.policies = policies;
    this.records = records;
    this.judges = judges;
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.properties = properties;
  }

  /**
   * A text and as what it is judged.
   *
   * @param index among the texts, from 0
   * @param requestId where it is of kept traffic
   */
  private record Judged(
      int index, @Nullable UUID requestId, Rule.AppliesTo stage, String role, String text) {}

  /**
   * The comparison.
   *
   * @param texts how many there were
   * @param judged how many judgements were compared: a text is judged as input, as output or both
   * @param complete whether all were
   * @param changed judgements that would be others
   * @param categories texts with findings, by category
   */
  public record Result(
      int texts,
      int judged,
      boolean complete,
      @JsonProperty("blocked_now") int blockedNow,
      @JsonProperty("blocked_then") int blockedThen,
      List<Changed> changed,
      Map<String, Count> categories) {}

  public record Count(int now, int then) {
    Count and(Count other) {
      return new Count(now + other.now, then + other.then);
    }
  }

  /**
   * @param now blocked, changed, flagged or passed
   * @param rules of the draft that find something
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Changed(
      int index,
      @JsonProperty("request_id") @Nullable UUID requestId,
      String stage,
      String now,
      String then,
      Set<String> rules) {}

  /** What a policy does to a text. */
  private record Outcome(String word, String text, List<Finding> findings) {
    static Outcome of(GuardedText judged, String text) {
      String word;
      if (judged.block() != null) {
        word = "blocked";
      } else if (!judged.text().equals(text)) {
        word = "changed";
      } else {
        word = judged.findings().isEmpty() ? "passed" : "flagged";
      }
      return new Outcome(word, judged.text(), judged.findings());
    }

    boolean sameAs(Outcome other) {
      return word.equals(other.word) && text.equals(other.text);
    }

    Set<String> categories() {
      Set<String> categories = new TreeSet<>();
      findings.forEach(finding -> categories.add(finding.rule().category()));
      return categories;
    }

    Set<String> rules() {
      Set<String> rules = new TreeSet<>();
      findings.forEach(finding -> rules.add(finding.rule().id()));
      return rules;
    }
  }

  /**
   * @param given texts, or null for those of kept traffic
   * @param stage as what given texts are judged
   */
  PolicyOutcome<Result> run(
      Caller caller, UUID id, @Nullable List<String> given, Rule.AppliesTo stage) {
    Optional<StoredPolicy> stored = records.find(caller.tenantId(), id);
    if (stored.isEmpty()) {
      return new PolicyOutcome.NotFound<>();
    }
    String draft = stored.get().draft();
    if (draft == null) {
      return new PolicyOutcome.Conflict<>("There is no draft");
    }
    Integer active = stored.get().activeVersion();
    Optional<String> current =
        active == null ? Optional.empty() : policies.content(caller, id, active);
    return switch (PolicyText.read(draft)) {
      case PolicyReader.Result.Refused(List<PolicyProblem> problems) ->
          new PolicyOutcome.Invalid<>(PolicyIssue.of(draft, problems));
      case PolicyReader.Result.Read(Policy then) ->
          new PolicyOutcome.Done<>(
              compare(
                  caller,
                  current.map(DryRun::published).orElse(null),
                  CompiledPolicy.of(then, "draft"),
                  given == null ? samples(caller.tenantId()) : asked(given, stage)));
    };
  }

  private static CompiledPolicy published(String content) {
    return switch (PolicyText.read(content)) {
      case PolicyReader.Result.Read(Policy policy) -> CompiledPolicy.of(policy, "now");
      case PolicyReader.Result.Refused(var problems) ->
          throw new IllegalStateException("a published version can't be read: " + problems);
    };
  }

  private static List<Judged> asked(List<String> texts, Rule.AppliesTo stage) {
    List<Judged> asked = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (stage.input()) {
        asked.add(new Judged(i, null, Rule.AppliesTo.INPUT, "user", texts.get(i)));
      }
      if (stage.output()) {
        asked.add(new Judged(i, null, Rule.AppliesTo.OUTPUT, "assistant", texts.get(i)));
      }
    }
    return asked;
  }

  private Result compare(
      Caller caller, @Nullable CompiledPolicy now, CompiledPolicy draft, List<Judged> texts) {
    long deadline = System.nanoTime() + properties.dryRunTimeMax().toNanos();
    List<Changed> changed = new ArrayList<>();
    Map<String, Count> categories = new TreeMap<>();
    int[] blocked = new int[2];
    int judged = 0;
    for (Judged text : texts) {
      if (System.nanoTime() - deadline >= 0) {
        break;
      }
      judged++;
      Outcome before =
          now == null ? new Outcome("passed", text.text(), List.of()) : outcome(now, caller, text);
      Outcome after = outcome(draft, caller, text);
      blocked[0] += before.word().equals("blocked") ? 1 : 0;
      blocked[1] += after.word().equals("blocked") ? 1 : 0;
      before.categories().forEach(name -> categories.merge(name, new Count(1, 0), Count::and));
      after.categories().forEach(name -> categories.merge(name, new Count(0, 1), Count::and));
      if (!before.sameAs(after)) {
        changed.add(
            new Changed(
                text.index(),
                text.requestId(),
                text.stage().name().toLowerCase(Locale.ROOT),
                before.word(),
                after.word(),
                after.rules()));
      }
    }
    int count = (int) texts.stream().mapToInt(Judged::index).distinct().count();
    return new Result(
        count, judged, judged == texts.size(), blocked[0], blocked[1], changed, categories);
  }

  private Outcome outcome(CompiledPolicy policy, Caller caller, Judged text) {
    List<GuardedRule> rules =
        policy.bound(judges.of(caller)).stream()
            .filter(guarded -> applies(guarded.rule(), text))
            .toList();
    return Outcome.of(GuardedText.of(rules, StreamGuard.Form.TEXT, text.text()), text.text());
  }

  private static boolean applies(Rule rule, Judged text) {
    return text.stage().input()
        ? rule.appliesTo().input() && rule.roles().contains(text.role())
        : rule.appliesTo().output();
  }

  private List<Judged> samples(UUID tenant) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql(
                    "select request_id, stage, role, content from moderation_sample"
                        + " where tenant_id = ? and expires_at > now()"
                        + " order by recorded_at desc, id limit ?")
                .params(tenant, properties.sampleMax())
                .query(
                    (row, number) ->
                        new Judged(
                            number,
                            row.getObject("request_id", UUID.class),
                            Rule.AppliesTo.valueOf(row.getString("stage").toUpperCase(Locale.ROOT)),
                            row.getString("role"),
                            row.getString("content")))
                .list());
  }
}
