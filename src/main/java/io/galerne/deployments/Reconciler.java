package io.galerne.deployments;

import io.galerne.deployments.DeploymentLauncher.LaunchException;
import io.galerne.deployments.DeploymentState.Phase;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.LoadListener;
import io.galerne.serving.EngineRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Makes what runs on this replica what is wanted, step by step: brings up, replaces, ends. A new
 * revision is up before the old one stops taking requests, and the old one ends what it has begun.
 */
@Component
@DependsOnDatabaseInitialization
class Reconciler implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(20);
  private static final int REASON_CHARS_MAX = 2_000;

  /** An engine without work for so long has none on its way either. */
  private static final Duration IDLE = Duration.ofSeconds(2);

  private final WantedDeployments wanted;
  private final DeploymentLauncher launcher;
  private final DeployedModels models;
  private final EngineRegistry engines;
  private final StateBoard board;
  private final DeploymentsProperties properties;

  // of the reconciler's thread
  private final Map<UUID, Running> running = new HashMap<>();
  private final List<Draining> draining = new ArrayList<>();
  private final Map<UUID, Attempt> failed = new HashMap<>();
  private final Map<UUID, Integer> stopped = new HashMap<>();

  private volatile @Nullable ScheduledExecutorService thread;

  private record Running(Deployment deployment, Engine engine) {}

  private record Attempt(int revision, long atNanos) {}

  /** An engine on its way out; {@code idleSinceNanos} is null while it works. */
  private record Draining(Running running, long sinceNanos, @Nullable Long idleSinceNanos) {
    boolean isOf(Deployment deployment) {
      return running.deployment().id().equals(deployment.id());
    }

    /** A second look at it. */
    Draining seen(boolean works, long nowNanos) {
      Long idleSince = idleSinceNanos == null ? Long.valueOf(nowNanos) : idleSinceNanos;
      return new Draining(running, sinceNanos, works ? null : idleSince);
    }

    boolean isOver(long nowNanos, Duration drainMax) {
      boolean idle = idleSinceNanos != null && nowNanos - idleSinceNanos >= IDLE.toNanos();
      return idle || nowNanos - sinceNanos > drainMax.toNanos();
    }
  }

  Reconciler(
      WantedDeployments wanted,
      DeploymentLauncher launcher,
      DeployedModels models,
      EngineRegistry engines,
      StateBoard board,
      DeploymentsProperties properties) {
    this.wanted = wanted;
    this.launcher = launcher;
    this.models = models;
    this.engines = engines;
    this.board = board;
    this.properties = properties;
  }

  @Override
  public void start() {
    ScheduledExecutorService starting =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("galerne-deployments").factory());
    thread = starting;
    var _ = starting.scheduleWithFixedDelay(this::step, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void step() {
    try {
      drain();
      reconcile(wanted.all());
    } catch (DataAccessException | TransactionException e) {
      log.debug("Deployments could not be read: {}", e.toString());
    } catch (RuntimeException | Error e) {
      log.error("Deployments could not be brought in line", e);
    }
  }

  private void reconcile(List<Deployment> all) {
    Set<UUID> known = new HashSet<>();
    for (Deployment deployment : all) {
      known.add(deployment.id());
      Running now = running.get(deployment.id());
      if (deployment.spec().stopped()) {
        stop(deployment, now);
      } else if (now == null || now.deployment().revision() != deployment.revision()) {
        bringUp(deployment, now);
      }
      board.refresh(deployment);
    }
    for (Running each : List.copyOf(running.values())) {
      if (!known.contains(each.deployment().id())) {
        retire(each, true);
      }
    }
    failed.keySet().retainAll(known);
    stopped.keySet().retainAll(known);
  }

  private void stop(Deployment deployment, @Nullable Running now) {
    if (now != null) {
      board.note(deployment, Phase.DRAINING, "", 100);
      retire(now, true);
    } else if (!Integer.valueOf(deployment.revision()).equals(stopped.get(deployment.id()))
        && draining.stream().noneMatch(each -> each.isOf(deployment))) {
      stopped.put(deployment.id(), deployment.revision());
      board.note(deployment, Phase.STOPPED, "", 0);
    }
  }

  private void bringUp(Deployment deployment, @Nullable Running before) {
    Attempt last = failed.get(deployment.id());
    if (last != null
        && last.revision() == deployment.revision()
        && System.nanoTime() - last.atNanos() < TRY_AGAIN.toNanos()) {
      return;
    }
    stopped.remove(deployment.id());
    board.note(deployment, Phase.LOADING, "", 0);
    try {
      LoadListener progress =
          (done, total) ->
              board.note(
                  deployment, Phase.LOADING, "", total == 0 ? 0 : (int) (done * 100 / total));
      Engine engine = launcher.launch(deployment, wanted.credential(deployment), progress);
      engines.add(deployment.engineId(), engine);
      running.put(deployment.id(), new Running(deployment, engine));
      models.offer(
          deployment,
          engine.profile(),
          launcher.defaultTemperature(deployment.spec()),
          launcher.pricedAs(deployment.spec()));
      failed.remove(deployment.id());
      board.note(deployment, Phase.READY, "", 100);
      if (before != null) {
        retire(before, false);
      }
    } catch (LaunchException e) {
      fail(deployment, before, String.valueOf(e.getMessage()));
    } catch (DataAccessException | TransactionException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      log.error("Deployment {} could not be brought up", deployment.id(), e);
      fail(deployment, before, "it failed while it was brought up; the log has more");
    }
  }

  private void fail(Deployment deployment, @Nullable Running before, String reason) {
    failed.put(deployment.id(), new Attempt(deployment.revision(), System.nanoTime()));
    String kept =
        before == null ? "" : "; revision " + before.deployment().revision() + " goes on answering";
    String whole = reason + kept;
    board.note(
        deployment,
        Phase.FAILED,
        whole.substring(0, Math.min(whole.length(), REASON_CHARS_MAX)),
        0);
  }

  /**
   * @param wasLast whether nothing takes its place
   */
  private void retire(Running each, boolean wasLast) {
    if (wasLast) {
      models.withdraw(each.deployment().id());
      running.remove(each.deployment().id());
    }
    engines.remove(each.deployment().engineId());
    draining.add(new Draining(each, System.nanoTime(), null));
  }

  private void drain() {
    long now = System.nanoTime();
    for (Draining each : List.copyOf(draining)) {
      EngineStatistics statistics = each.running().engine().statistics();
      Draining seen = each.seen(statistics.running() + statistics.waiting() > 0, now);
      draining.remove(each);
      if (seen.isOver(now, properties.drainMax())) {
        launcher.close(each.running().deployment(), each.running().engine());
      } else {
        draining.add(seen);
      }
    }
  }

  @Override
  public void stop() {
    ScheduledExecutorService stopping = thread;
    thread = null;
    if (stopping == null) {
      return;
    }
    stopping.shutdownNow();
    boolean interrupted = false;
    try {
      if (!stopping.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("A deployment is still being brought up while the process ends");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }
}
