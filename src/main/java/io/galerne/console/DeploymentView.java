package io.galerne.console;

import io.galerne.deployments.Deployment;
import io.galerne.deployments.DeploymentCapacity;
import io.galerne.deployments.DeploymentService;
import io.galerne.deployments.DeploymentSpec;
import io.galerne.deployments.DeploymentState;
import io.galerne.deployments.DeploymentState.Phase;
import io.galerne.metering.Price;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A deployment as pages show it.
 *
 * @param price what its requests cost now
 * @param pricedAs the model of that price
 */
record DeploymentView(
    Deployment deployment,
    List<DeploymentState> states,
    DeploymentCapacity capacity,
    Price price,
    String pricedAs) {
  private static final long MIB = 1 << 20;

  static DeploymentView of(DeploymentService.Seen seen, DeploymentCapacity capacity, Price price) {
    return new DeploymentView(seen.deployment(), seen.states(), capacity, price, price.model());
  }

  public DeploymentSpec spec() {
    return deployment.spec();
  }

  /** The state that asks most for attention; pending where no replica has said anything. */
  public String phase() {
    return states.stream()
        .map(DeploymentState::phase)
        .max(Comparator.comparingInt(DeploymentView::attention))
        .orElse(Phase.PENDING)
        .name()
        .toLowerCase(Locale.ROOT);
  }

  private static int attention(Phase phase) {
    return switch (phase) {
      case STOPPED -> 0;
      case READY -> 1;
      case DRAINING -> 2;
      case PENDING -> 3;
      case LOADING -> 4;
      case FAILED -> 5;
    };
  }

  /** How much is loaded where least is. */
  public int percent() {
    return states.stream().mapToInt(DeploymentState::percent).min().orElse(0);
  }

  /** Why a replica failed; empty where none did. */
  public String reason() {
    return states.stream()
        .filter(state -> state.phase() == Phase.FAILED)
        .map(DeploymentState::reason)
        .findFirst()
        .orElse("");
  }

  /** The badge that a phase has. */
  public String badge(String phase) {
    return switch (phase) {
      case "ready" -> "good";
      case "failed" -> "danger";
      case "loading", "draining", "pending" -> "warning";
      default -> "";
    };
  }

  public boolean here() {
    return spec().local() != null;
  }

  /** Whether everybody has it. */
  public boolean shared() {
    return deployment.tenantId() == null;
  }

  public long kvMib() {
    return capacity.kvBytes() / MIB;
  }

  public long weightsMib() {
    return capacity.weightsBytes() / MIB;
  }

  /** How full the memory for keys and values is, in percent. */
  public int kvPercent() {
    DeploymentCapacity.Load now = capacity.now();
    return now == null || now.kvBlocks() == 0 ? 0 : 100 * now.kvBlocksUsed() / now.kvBlocks();
  }
}
