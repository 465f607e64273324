package io.galerne.limits;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.audit.PlatformTrail;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.limits.PlanTerms.Problem;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * What operators do with plans. A change is a new version; every instance holds requests to it
 * within {@link LimitsProperties#termsRemembered()}, since each reads the newest by itself.
 */
@Service
public class PlanDesk {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,49}");
  private static final int PLANS_MAX = 500;

  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final PlanRows rows;
  private final AuditLog audit;
  private final Clock clock;

  PlanDesk(
      TenantTransactions transactions,
      JdbcClient jdbc,
      PlanRows rows,
      AuditLog audit,
      Clock clock) {
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.rows = rows;
    this.audit = audit;
    this.clock = clock;
  }

  /** What became of a wish. */
  public sealed interface Outcome {}

  /** It is in force. */
  public record Saved(PlanDetails plan) implements Outcome {}

  public record Invalid(List<Problem> problems) implements Outcome {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /** There is a plan of this name already. */
  public record Taken() implements Outcome {}

  public record Unknown() implements Outcome {}

  /** Somebody else changed it since it was read. */
  public record Outdated(PlanDetails now) implements Outcome {}

  /** Every plan as it is in force, by name. */
  public List<PlanDetails> list() {
    return rows.newest(null);
  }

  public Optional<PlanDetails> find(String id) {
    return rows.newest(id).stream().findFirst();
  }

  /** The versions of a plan, newest first; at most a hundred. */
  public List<PlanDetails> versions(String id) {
    return rows.versions(id);
  }

  /** How many organisations are on each plan, by its name as it was assigned. */
  public Map<String, Long> organizations(PlatformOperator operator) {
    return transactions.inTenant(PlatformTrail.ID, rows::organizations);
  }

  public Outcome create(PlatformOperator operator, String id, PlanTerms terms) {
    if (!ID.matcher(id).matches() || id.equals(Plans.TIERED)) {
      return new Invalid(
          List.of(
              new Problem(
                  "name",
                  "1 to 50 small letters, digits, - and _, a letter or digit first; not tiered")));
    }
    return checked(
        terms,
        () -> {
          if (find(id).isPresent()) {
            return new Taken();
          }
          if (rows.count() >= PLANS_MAX) {
            return new Invalid(List.of(new Problem("name", "at most " + PLANS_MAX + " plans")));
          }
          return save(operator, "plan.create", id, 1, terms);
        });
  }

  /**
   * Gives a plan other terms.
   *
   * @param from the version that was read; null to change whatever there is
   */
  public Outcome change(
      PlatformOperator operator, String id, @Nullable Integer from, PlanTerms terms) {
    return checked(
        terms,
        () -> {
          PlanDetails now = find(id).orElse(null);
          if (now == null) {
            return new Unknown();
          }
          if (from != null && from != now.version()) {
            return new Outdated(now);
          }
          if (now.terms().equals(terms)) {
            return new Saved(now);
          }
          return save(operator, "plan.update", id, now.version() + 1, terms);
        });
  }

  private Outcome checked(PlanTerms terms, Supplier<Outcome> save) {
    List<Problem> problems = terms.problems();
    if (!problems.isEmpty()) {
      return new Invalid(problems);
    }
    return transactions.inTenant(
        PlatformTrail.ID,
        () -> {
          jdbc.sql("select pg_advisory_xact_lock(hashtext('galerne.plans'))").query().listOfRows();
          return save.get();
        });
  }

  private Saved save(
      PlatformOperator operator, String action, String id, int version, PlanTerms terms) {
    jdbc.sql(
            """
            insert into plan (id, version, requests_per_second, requests_burst, tokens_per_minute,
                tokens_per_month, spend_cap_micros, weight, waiting_share, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .param(1, id)
        .param(2, version)
        .param(3, terms.requestsPerSecond(), Types.DOUBLE)
        .param(4, terms.requestsBurst(), Types.INTEGER)
        .param(5, terms.tokensPerMinute(), Types.BIGINT)
        .param(6, terms.tokensPerMonth(), Types.BIGINT)
        .param(7, terms.spendCapMicros(), Types.BIGINT)
        .param(8, terms.weight())
        .param(9, terms.waitingShare(), Types.DOUBLE)
        .param(10, Timestamp.from(clock.instant()))
        .update();
    terms
        .byModel()
        .forEach(
            (model, tokens) ->
                jdbc.sql("insert into plan_model_limit values (?, ?, ?, ?, ?)")
                    .param(1, id)
                    .param(2, version)
                    .param(3, model)
                    .param(4, tokens.perMinute(), Types.BIGINT)
                    .param(5, tokens.perMonth(), Types.BIGINT)
                    .update());
    audit.record(entry(operator, action, id, version, terms));
    return new Saved(find(id).orElseThrow());
  }

  private static AuditEntry entry(
      PlatformOperator operator, String action, String id, int version, PlanTerms terms) {
    AuditEntry entry =
        new AuditEntry(PlatformTrail.ID, operator.actor(), action, "PLAN", id, null, Map.of());
    entry =
        entry
            .with("version", version)
            .with("requests_per_second", orNone(terms.requestsPerSecond()))
            .with("requests_burst", orNone(terms.requestsBurst()))
            .with("tokens_per_minute", orNone(terms.tokensPerMinute()))
            .with("tokens_per_month", orNone(terms.tokensPerMonth()))
            .with("spend_cap_micros", orNone(terms.spendCapMicros()))
            .with("weight", String.valueOf(terms.weight()))
            .with("waiting_share", orNone(terms.waitingShare()));
    return terms.byModel().isEmpty()
        ? entry
        : entry.with(
            "models",
            terms.byModel().entrySet().stream()
                .map(
                    model ->
                        model.getKey()
                            + " "
                            + orNone(model.getValue().perMinute())
                            + "/min "
                            + orNone(model.getValue().perMonth())
                            + "/month")
                .collect(Collectors.joining(", ")));
  }

  private static String orNone(@Nullable Number value) {
    return value == null ? "none" : value.toString();
  }
}
