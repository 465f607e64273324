package io.galerne.deployments;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditLog;
import io.galerne.database.TenantTransactions;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Organizations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Tenants' deployments, for the platform's operator to change, since they take the machine's
 * memory, and for the tenant's people to see.
 */
@Service
public class DeploymentService {
  /** Of one tenant. */
  private static final int DEPLOYMENTS_MAX = 100;

  private final DeploymentTable table;
  private final WantedDeployments wanted;
  private final StateBoard board;
  private final SpecRules rules;
  private final DeploymentCapacities capacities;
  private final TenantTransactions transactions;
  private final Organizations organizations;
  private final AuditLog audit;

  DeploymentService(
      DeploymentTable table,
      WantedDeployments wanted,
      StateBoard board,
      SpecRules rules,
      DeploymentCapacities capacities,
      TenantTransactions transactions,
      Organizations organizations,
      AuditLog audit) {
    this.table = table;
    this.wanted = wanted;
    this.board = board;
    this.rules = rules;
    this.capacities = capacities;
    this.transactions = transactions;
    this.organizations = organizations;
    this.audit = audit;
  }

  /** What came of a wish. */
  public sealed interface Outcome {}

  /** It is noted; replicas see to it. */
  public record Done(Seen deployment) implements Outcome {}

  /** It can't be; nothing was changed. */
  public record Refused(List<SpecProblem> problems) implements Outcome {}

  /** There is no such deployment. */
  public record Unknown() implements Outcome {}

  /** It is in the configuration, and changed there. */
  public record OfFile() implements Outcome {}

  /** A deployment, and what each replica does about it. */
  public record Seen(Deployment deployment, List<DeploymentState> states) {}

  /** What a tenant has, and what everybody has. */
  public List<Seen> list(UUID tenantId) {
    return transactions.inTenant(
        tenantId,
        () -> {
          List<Seen> all = new ArrayList<>();
          for (Deployment each : wanted.fromFile(tenantId)) {
            all.add(seen(tenantId, each));
          }
          table.of(tenantId).forEach(each -> all.add(seen(tenantId, each)));
          return all;
        });
  }

  public Optional<Seen> find(UUID tenantId, UUID id) {
    return list(tenantId).stream().filter(each -> each.deployment().id().equals(id)).findFirst();
  }

  private Seen seen(UUID tenantId, Deployment deployment) {
    List<DeploymentState> states =
        deployment.tenantId() == null
            ? board.here(deployment.id()).stream().toList()
            : board.of(tenantId, deployment.id());
    return new Seen(deployment, states);
  }

  /** What a deployment has of the machine; see {@link DeploymentCapacities}. */
  public DeploymentCapacity capacity(Deployment deployment) {
    return capacities.of(deployment);
  }

  /** The model whose price is charged for a deployment's requests. */
  public String pricedAs(Deployment deployment) {
    return rules.pricedAs(deployment.spec());
  }

  /** Ids of weights that a deployment can have. */
  public List<String> weights() {
    return rules.weights().stream().map(known -> known.id()).toList();
  }

  /** Floors of moderation that a deployment can have beside everybody's. */
  public List<String> floors() {
    return rules.floors();
  }

  /** Models that can take what a deployment has no room for. */
  public List<String> sharedModels() {
    return rules.sharedModels();
  }

  /**
   * Has a deployment be up or down, with its revision and credential as they are otherwise.
   *
   * @throws io.galerne.identity.RefusedException if there is no such tenant
   */
  public Outcome setStopped(PlatformOperator operator, UUID tenantId, UUID id, boolean stopped) {
    return find(tenantId, id)
        .map(
            seen ->
                replace(
                    operator, tenantId, id, seen.deployment().spec().withStopped(stopped), null))
        .orElseGet(Unknown::new);
  }

  /**
   * @throws io.galerne.identity.RefusedException if there is no such tenant
   */
  public Outcome create(
      PlatformOperator operator, UUID tenantId, DeploymentSpec spec, @Nullable String credential) {
    organizations.get(operator, tenantId);
    UUID id = UUID.randomUUID();
    return transactions.inTenant(
        tenantId,
        () -> {
          List<Deployment> others = table.of(tenantId);
          List<SpecProblem> problems = new ArrayList<>();
          if (others.size() >= DEPLOYMENTS_MAX) {
            problems.add(new SpecProblem("name", "there are " + DEPLOYMENTS_MAX + " already"));
          }
          problems.addAll(check(spec, others, null));
          if (!problems.isEmpty()) {
            return new Refused(problems);
          }
          Deployment created = table.insert(tenantId, id, spec, credential);
          record(operator, created, "deployment.create");
          return new Done(seen(tenantId, created));
        });
  }

  /** Replaces all but a credential that isn't named. */
  public Outcome replace(
      PlatformOperator operator,
      UUID tenantId,
      UUID id,
      DeploymentSpec spec,
      @Nullable String credential) {
    organizations.get(operator, tenantId);
    return change(
        tenantId,
        id,
        before -> {
          List<SpecProblem> problems = check(spec, table.of(tenantId), before);
          if (!problems.isEmpty()) {
            return new Refused(problems);
          }
          Deployment changed = table.update(tenantId, id, spec, credential);
          record(operator, changed, "deployment.update");
          return new Done(seen(tenantId, changed));
        });
  }

  public Outcome delete(PlatformOperator operator, UUID tenantId, UUID id) {
    organizations.get(operator, tenantId);
    return change(
        tenantId,
        id,
        before -> {
          table.delete(tenantId, id);
          record(operator, before, "deployment.delete");
          return new Done(new Seen(before, List.of()));
        });
  }

  private Outcome change(UUID tenantId, UUID id, Function<Deployment, Outcome> work) {
    return transactions.inTenant(
        tenantId,
        () -> {
          if (wanted.fromFile(tenantId).stream().anyMatch(each -> each.id().equals(id))) {
            return new OfFile();
          }
          return table.find(tenantId, id).map(work).orElseGet(Unknown::new);
        });
  }

  private List<SpecProblem> check(
      DeploymentSpec spec, List<Deployment> others, @Nullable Deployment before) {
    Set<String> taken = new HashSet<>();
    List<SpecProblem> problems = new ArrayList<>();
    for (Deployment other : others) {
      if (before != null && other.id().equals(before.id())) {
        continue;
      }
      taken.add(other.spec().model());
      taken.addAll(other.spec().aliases());
      if (other.spec().name().equals(spec.name())) {
        problems.add(new SpecProblem("name", "another deployment has this name"));
      }
    }
    problems.addAll(rules.check(spec, taken, "the new deployment", ""));
    return problems;
  }

  private void record(PlatformOperator operator, Deployment deployment, String action) {
    UUID tenantId = Objects.requireNonNull(deployment.tenantId());
    String floor = deployment.spec().floor();
    audit.record(
        AuditEntry.of(tenantId, operator.actor(), action, "DEPLOYMENT", deployment.id())
            .with("name", deployment.spec().name())
            .with("model", deployment.spec().model())
            .with("floor", floor == null ? "" : floor)
            .with("revision", deployment.revision()));
  }
}
