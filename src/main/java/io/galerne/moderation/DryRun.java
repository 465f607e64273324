package io.galerne.moderation;

import io.galerne.database.TenantTransactions;
import io.galerne.identity.Caller;
import io.galerne.moderation.guard.GuardedText;
import io.galerne.moderation.guard.StreamGuard;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyProblem;
import io.galerne.moderation.policy.PolicyReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Shows what a draft would change: it judges texts by the draft and by what is in force. */
@Component
class DryRun {
  private static final int TEXTS_MAX = 500;

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
   * The comparison.
   *
   * @param changed texts whose outcome would be another
   */
  record Result(int texts, int blockedNow, int blockedThen, List<Changed> changed) {}

  /**
   * @param index of the text, from 0
   * @param now blocked, changed, flagged or passed
   */
  record Changed(int index, String now, String then) {}

  PolicyService.Outcome<Object> run(Caller caller, UUID id, @Nullable List<String> given) {
    Optional<PolicyRecords.Stored> stored = records.find(caller.tenantId(), id);
    Optional<String> draft = policies.content(caller, id, 0);
    if (stored.isEmpty() || draft.isEmpty()) {
      return new PolicyService.NotFound<>();
    }
    if (given != null && given.size() > TEXTS_MAX) {
      return new PolicyService.Conflict<>("at most " + TEXTS_MAX + " texts");
    }
    Integer active = stored.get().activeVersion();
    Optional<String> current =
        active == null ? Optional.empty() : policies.content(caller, id, active);
    List<String> texts = given == null ? samples(caller.tenantId()) : given;
    return switch (PolicyText.read(draft.get())) {
      case PolicyReader.Result.Refused(List<PolicyProblem> problems) ->
          new PolicyService.Invalid<>(problems);
      case PolicyReader.Result.Read(Policy then) ->
          new PolicyService.Done<>(compare(caller, current, then, texts));
    };
  }

  private Result compare(Caller caller, Optional<String> current, Policy then, List<String> texts) {
    CompiledPolicy draft = CompiledPolicy.of(then, "draft");
    Optional<CompiledPolicy> now =
        current
            .map(PolicyText::read)
            .filter(PolicyReader.Result.Read.class::isInstance)
            .map(read -> CompiledPolicy.of(((PolicyReader.Result.Read) read).policy(), "now"));
    List<Changed> changed = new ArrayList<>();
    int blockedNow = 0;
    int blockedThen = 0;
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      String before = now.map(policy -> outcome(policy, caller, text)).orElse("passed");
      String after = outcome(draft, caller, text);
      blockedNow += before.equals("blocked") ? 1 : 0;
      blockedThen += after.equals("blocked") ? 1 : 0;
      if (!before.equals(after)) {
        changed.add(new Changed(i, before, after));
      }
    }
    return new Result(texts.size(), blockedNow, blockedThen, changed);
  }

  private String outcome(CompiledPolicy policy, Caller caller, String text) {
    GuardedText judged =
        GuardedText.of(policy.bound(judges.of(caller)), StreamGuard.Form.TEXT, text);
    if (judged.block() != null) {
      return "blocked";
    }
    if (!judged.text().equals(text)) {
      return "changed";
    }
    return judged.findings().isEmpty() ? "passed" : "flagged";
  }

  private List<String> samples(UUID tenant) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql(
                    "select content from moderation_sample where tenant_id = ?"
                        + " order by recorded_at desc limit ?")
                .params(tenant, properties.sampleMax())
                .query(String.class)
                .list());
  }
}
