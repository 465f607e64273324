package io.galerne.moderation;

import io.galerne.database.TenantTransactions;
import io.galerne.moderation.guard.Finding;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.Rule;
import io.galerne.serving.Moderator;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What was decided, by which version of which policy, where, and what was done. Texts are kept only
 * where a policy asks for it.
 */
@Component
class DecisionLog {
  private static final int DECISIONS_MAX = 200;
  private static final int SAMPLE_MAX = 100_000;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final Clock clock;
  private final MeterRegistry meters;

  DecisionLog(TenantTransactions transactions, JdbcClient jdbc, Clock clock, MeterRegistry meters) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.clock = clock;
    this.meters = meters;
  }

  /** When a text was judged. */
  enum Stage {
    INPUT,
    OUTPUT;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Keeps decisions, up to a bound for each text. */
  void record(
      Moderator.Subject subject, Stage stage, List<Finding> findings, Policy.Evidence evidence) {
    if (findings.isEmpty()) {
      return;
    }
    findings.forEach(finding -> count(stage, finding));
    Instant now = clock.instant();
    Timestamp expires = Timestamp.from(now.plus(Duration.ofDays(evidence.retentionDays())));
    UUID tenant = subject.caller().tenantId();
    transactions.runInTenant(
        tenant,
        () -> {
          for (Finding finding : findings.subList(0, Math.min(DECISIONS_MAX, findings.size()))) {
            insert(subject, stage, finding, Timestamp.from(now), expires);
          }
        });
  }

  /** Keeps what is decided about an answer, and its text where a policy asks for that. */
  AnswerEvidence answer(Moderator.Subject subject, Policy.Evidence evidence) {
    StringBuilder text = new StringBuilder();
    return new AnswerEvidence() {
      @Override
      public void saw(String more) {
        if (evidence.content() && text.length() < SAMPLE_MAX) {
          text.append(more);
        }
      }

      @Override
      public void keep(List<Finding> findings) {
        record(subject, Stage.OUTPUT, findings, evidence);
        sample(subject, Stage.OUTPUT, "assistant", text.toString(), evidence);
      }
    };
  }

  private void insert(
      Moderator.Subject subject, Stage stage, Finding finding, Timestamp now, Timestamp expires) {
    jdbc.sql(
            """
            insert into moderation_decision (tenant_id, id, request_id, workspace_id, api_key_id,
                model, stage, policy_version, rule_id, detector, category, score, span_start,
                span_end, action, failure, decided_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            subject.caller().tenantId(),
            UUID.randomUUID(),
            subject.requestId(),
            subject.caller().workspaceId(),
            subject.caller().apiKeyId(),
            subject.model(),
            stage.wireName(),
            finding.origin(),
            finding.rule().id(),
            detector(finding.rule()),
            finding.rule().category(),
            (float) finding.score(),
            finding.start(),
            finding.end(),
            finding.action().name().toLowerCase(Locale.ROOT),
            finding.failure(),
            now,
            expires)
        .update();
  }

  /** Keeps a text that the tenant wants kept. */
  void sample(
      Moderator.Subject subject, Stage stage, String role, String text, Policy.Evidence evidence) {
    if (!evidence.content() || text.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    UUID tenant = subject.caller().tenantId();
    transactions.runInTenant(
        tenant,
        () -> {
          jdbc.sql(
                  """
                  insert into moderation_sample (tenant_id, id, request_id, stage, role, content,
                      recorded_at, expires_at)
                  values (?, ?, ?, ?, ?, ?, ?, ?)
                  """)
              .params(
                  tenant,
                  UUID.randomUUID(),
                  subject.requestId(),
                  stage.wireName(),
                  role,
                  text.substring(0, Math.min(SAMPLE_MAX, text.length())).replace("\u0000", ""),
                  Timestamp.from(now),
                  Timestamp.from(now.plus(Duration.ofDays(evidence.retentionDays()))))
              .update();
        });
  }

  /** What kind of detector a rule has, in one word. */
  static String detector(Rule rule) {
    return rule.detector().getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** The tenant's own categories have no bound, so they are counted in the database. */
  private void count(Stage stage, Finding finding) {
    meters
        .counter(
            "galerne.moderation.decisions",
            "stage",
            stage.wireName(),
            "detector",
            detector(finding.rule()),
            "action",
            finding.action().name().toLowerCase(Locale.ROOT))
        .increment();
  }
}
