package io.galerne.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.GalerneApplication;
import io.galerne.audit.Actor;
import io.galerne.database.TestDatabase;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Two replicas on one database: what is published on the one holds on the other. */
class ReplicasIntegrationTests extends ModerationIntegrationTest {
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final String QUESTION = "What is the capital of France?";

  @Autowired TestDatabase.Database database;
  @Autowired Environment environment;
  @Autowired OperatorFloor floor;
  @Autowired FloorRecords floors;
  @Autowired FloorDesk desk;
  @Autowired ModerationProperties properties;

  private ConfigurableApplicationContext anotherReplica() {
    List<String> arguments = new ArrayList<>(database.arguments());
    arguments.add("--server.port=0");
    arguments.add(
        "--galerne.data-directory=" + environment.getRequiredProperty("galerne.data-directory"));
    return new SpringApplicationBuilder(GalerneApplication.class)
        .run(arguments.toArray(String[]::new));
  }

  private List<CompiledPolicy> known(EffectivePolicies policies) {
    return policies.of(
        new Caller(tenant, UUID.randomUUID(), UUID.randomUUID()), "mistral-tiny", "");
  }

  private boolean isKnownInTime(EffectivePolicies policies, int count) throws Exception {
    long end = System.nanoTime() + WITHIN.toNanos();
    while (System.nanoTime() < end) {
      if (known(policies).size() == count) {
        return true;
      }
      assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
    }
    return false;
  }

  @Test
  void whatIsPublishedHoldsOnEveryReplicaWithinTwoSeconds() throws Exception {
    try (ConfigurableApplicationContext replica = anotherReplica()) {
      port = replica.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      EffectivePolicies others = replica.getBean(EffectivePolicies.class);
      EffectivePolicies deaf =
          new EffectivePolicies(
              replica.getBean(PolicyRecords.class),
              floor,
              replica.getBean(PublishedFloor.class),
              askingEvery(Duration.ofHours(1)));
      String free = text(events(chat(QUESTION, true)));
      String[] spoken = free.split("\\W+", -1);
      String word = spoken[spoken.length / 2];
      assertThat(known(others)).isEmpty();
      assertThat(known(deaf)).isEmpty();

      UUID id = publish(policy(words(word, "output", "block")));

      assertThat(isKnownInTime(others, 1)).isTrue();
      String cut = text(events(chat(QUESTION, true)));
      assertThat(cut).isNotEqualTo(free).doesNotContain(word);
      assertThat(free).startsWith(cut);
      assertThat(known(deaf)).as("a replica that doesn't ask again knows nothing").isEmpty();

      policies.rollBack(owner(), id, 0);
      assertThat(isKnownInTime(others, 0)).isTrue();
      assertThat(text(events(chat(QUESTION, true)))).isEqualTo(free);
    }
  }

  private static ModerationProperties askingEvery(Duration refresh) {
    Duration minute = Duration.ofMinutes(1);
    return new ModerationProperties(
        null, Map.of(), List.of(), false, refresh, minute, minute, 1, minute, minute);
  }

  @Test
  void aPublishedFloorHoldsOnAnotherReplicaWithinTwoSeconds() throws Exception {
    PublishedFloor other = new PublishedFloor(floors, properties);
    assertThat(other.policy()).isEmpty();
    PlatformOperator operator =
        new PlatformOperator(UUID.randomUUID(), new Actor(Actor.Kind.OPERATOR, null, null, null));
    String policy =
        """
        {"name": "f", "rules": [{"id": "r", "type": "phrases", "phrases": ["zephyr"],
          "category": "c", "action": "flag"}]}
        """;
    assertThat(desk.publish(operator, policy)).isInstanceOf(FloorDesk.Done.class);
    try {
      assertThat(isThereInTime(other, true)).isTrue();
    } finally {
      desk.activate(operator, 0);
    }
    assertThat(isThereInTime(other, false)).isTrue();
  }

  private static boolean isThereInTime(PublishedFloor floor, boolean there) throws Exception {
    long end = System.nanoTime() + WITHIN.toNanos();
    while (floor.policy().isPresent() != there && System.nanoTime() < end) {
      assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
    }
    return floor.policy().isPresent() == there;
  }
}
