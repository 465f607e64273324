package io.galerne.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The short part runs always, what is tagged {@code chaos} in that profile. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChaosIntegrationTests {
  /** Of the long part; the profile sets it. */
  private static final int KILLS = Integer.getInteger("chaos.kills", 0);

  private static final int REQUESTS = Integer.getInteger("chaos.requests", 10_000);
  private static final int ROUNDS = Integer.getInteger("chaos.rounds", 20);

  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    Path target = Files.createDirectories(Path.of("target"));
    cluster = new Cluster(Files.createTempDirectory(target, "chaos-").toAbsolutePath(), KILLS > 0);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.stop();
    }
  }

  private static void tell(Object figures) {
    System.out.println("chaos: " + figures);
  }

  @Test
  @Order(1)
  void killsAndCrashesInShort() throws Exception {
    KillRun.Outcome kills = new KillRun(cluster).run(2, 20);
    tell(kills);
    assertThat(kills).matches(KillRun.Outcome::good);
    OutageRun.Outcome outage = OutageRun.run(cluster, 1, Duration.ofSeconds(2));
    tell(outage);
    assertThat(outage).matches(OutageRun.Outcome::good);
  }

  @Test
  @Order(2)
  @Tag("chaos")
  void revocationsReachTheOtherReplica() throws Exception {
    RevocationRun.Outcome outcome = RevocationRun.run(cluster, 20);
    tell(outcome);
    assertThat(outcome.secondsMax()).isLessThanOrEqualTo(1);
  }

  @Test
  @Order(3)
  @Tag("chaos")
  void gracefulRequestsAgreeEverywhere() throws Exception {
    GracefulRun.Outcome outcome = GracefulRun.run(cluster, REQUESTS);
    tell(outcome);
    assertThat(outcome).matches(GracefulRun.Outcome::good);
  }

  @Test
  @Order(4)
  @Tag("chaos")
  void budgetsAreUsedUpAndNeverOvershot() throws Exception {
    BudgetRun.Outcome outcome = BudgetRun.run(cluster, ROUNDS, 500);
    tell(outcome);
    assertThat(outcome).matches(BudgetRun.Outcome::good);
  }

  @Test
  @Order(5)
  @Tag("chaos")
  void crashesOfTheDatabaseLoseNothing() throws Exception {
    OutageRun.Outcome crashes = OutageRun.run(cluster, Math.min(10, ROUNDS), Duration.ofSeconds(1));
    tell(crashes);
    assertThat(crashes).matches(OutageRun.Outcome::good);
  }

  @Test
  @Order(6)
  @Tag("chaos")
  void aMinuteWithoutTheDatabaseLosesNothing() throws Exception {
    OutageRun.Outcome outage = OutageRun.run(cluster, 1, Duration.ofSeconds(60));
    tell(outage);
    assertThat(outage).matches(OutageRun.Outcome::good);
  }

  @Test
  @Order(7)
  @Tag("chaos")
  void killsLeaveTheBooksInOrder() throws Exception {
    KillRun.Outcome outcome = new KillRun(cluster).run(Math.max(2, KILLS), 20);
    tell(outcome);
    assertThat(outcome).matches(KillRun.Outcome::good);
  }
}
