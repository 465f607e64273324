package io.galerne.moderation;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.audit.PlatformTrail;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.moderation.policy.Policy;
import io.galerne.moderation.policy.PolicyReader;
import io.galerne.moderation.policy.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * The policy for everybody as operators see and publish it. It holds beside the one that the
 * configuration names: of both the strictest has its way, and no tenant can lower either.
 */
@Service
public class FloorDesk {
  private final FloorRecords records;
  private final PublishedFloor published;
  private final OperatorFloor configured;
  private final TenantTransactions transactions;
  private final AuditLog audit;

  FloorDesk(
      FloorRecords records,
      PublishedFloor published,
      OperatorFloor configured,
      TenantTransactions transactions,
      AuditLog audit) {
    this.records = records;
    this.published = published;
    this.configured = configured;
    this.transactions = transactions;
    this.audit = audit;
  }

  /**
   * A rule in few words.
   *
   * @param detector such as phrases or regex
   */
  public record RuleInForce(
      String id, String category, String action, String appliesTo, String detector) {}

  /**
   * What holds for everybody now.
   *
   * @param configured the rules of the configuration's file; null if it names none
   * @param published the rules of the version in force; null if none is
   * @param active its number; null if none is
   */
  public record State(
      @Nullable List<RuleInForce> configured,
      @Nullable List<RuleInForce> published,
      @Nullable Integer active) {}

  /** A version as it was published. */
  public record Version(
      int number, String content, String hash, @Nullable UUID publishedBy, Instant publishedAt) {}

  /** One difference between two versions; null where there was, or is, nothing. */
  public record Change(String pointer, @Nullable String before, @Nullable String after) {}

  /** What is wrong with a text, and the JSON pointer of where. */
  public record Problem(String pointer, String message) {}

  /** What became of a wish. */
  public sealed interface Outcome {}

  /**
   * @param active what is in force now; null for none
   */
  public record Done(@Nullable Integer active) implements Outcome {}

  public record Invalid(List<Problem> problems) implements Outcome {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /** There is no such version. */
  public record Unknown() implements Outcome {}

  public State state() {
    FloorRecords.Version active = records.active().orElse(null);
    return new State(
        configured.policy().map(policy -> rules(policy.policy())).orElse(null),
        active == null ? null : rules(active.content()),
        active == null ? null : Integer.valueOf(active.number()));
  }

  /** The newest first; at most 200. */
  public List<Version> versions() {
    return records.newest().stream().map(FloorDesk::version).toList();
  }

  public Optional<Version> version(int number) {
    return records.find(number).map(FloorDesk::version);
  }

  private static Version version(FloorRecords.Version stored) {
    return new Version(
        stored.number(),
        stored.content(),
        stored.hash(),
        stored.publishedBy(),
        stored.publishedAt());
  }

  /** What is wrong with a text; empty if it could be published. */
  public List<Problem> validate(String text) {
    return switch (PolicyText.read(text)) {
      case PolicyReader.Result.Read _ -> List.of();
      case PolicyReader.Result.Refused(var problems) ->
          problems.stream()
              .map(problem -> new Problem(problem.pointer(), problem.message()))
              .toList();
    };
  }

  /** What a text would do; empty for one that is not valid. */
  public List<RuleInForce> rules(String text) {
    return switch (PolicyText.read(text)) {
      case PolicyReader.Result.Read(Policy policy) -> rules(policy);
      case PolicyReader.Result.Refused _ -> List.of();
    };
  }

  private static List<RuleInForce> rules(Policy policy) {
    return policy.rules().stream()
        .map(
            rule ->
                new RuleInForce(
                    rule.id(),
                    rule.category(),
                    rule.action().name().toLowerCase(Locale.ROOT),
                    rule.appliesTo().name().toLowerCase(Locale.ROOT),
                    detector(rule)))
        .toList();
  }

  private static String detector(Rule rule) {
    return rule.detector().getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** In what a text differs from what is in force. */
  public List<Change> changes(String text) {
    String before = records.active().map(FloorRecords.Version::content).orElse("{}");
    return validate(text).isEmpty()
        ? PolicyDiff.between(before, text).stream()
            .map(change -> new Change(change.pointer(), change.before(), change.after()))
            .toList()
        : List.of();
  }

  /** Makes a text a version and puts it in force, with its row in the platform's trail. */
  public Outcome publish(PlatformOperator operator, String text) {
    List<Problem> problems = validate(text);
    if (!problems.isEmpty()) {
      return new Invalid(problems);
    }
    String content = PolicyText.canonical(text);
    String hash = Hashes.sha256(content);
    int number =
        transactions.inTenant(
            PlatformTrail.ID,
            () -> {
              records.lock();
              FloorRecords.Version version = records.add(content, hash, operator.actor().id());
              records.choose(version.number());
              audit.record(
                  entry(operator, "policy.floor.publish")
                      .with("version", version.number())
                      .with("content_hash", hash));
              return version.number();
            });
    published.changed();
    return new Done(number);
  }

  /** Puts an earlier version in force again; 0 takes the published floor away. */
  public Outcome activate(PlatformOperator operator, int number) {
    if (number != 0 && records.find(number).isEmpty()) {
      return new Unknown();
    }
    transactions.runInTenant(
        PlatformTrail.ID,
        () -> {
          records.lock();
          records.choose(number == 0 ? null : Integer.valueOf(number));
          audit.record(
              entry(operator, "policy.floor.activate")
                  .with("version", number == 0 ? "none" : number));
        });
    published.changed();
    return new Done(number == 0 ? null : Integer.valueOf(number));
  }

  private static AuditEntry entry(PlatformOperator operator, String action) {
    return AuditEntry.of(PlatformTrail.ID, operator.actor(), action, "POLICY", PlatformTrail.ID);
  }
}
