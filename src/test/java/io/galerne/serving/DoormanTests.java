package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.catalog.Catalogs;
import io.galerne.engine.Submission;
import io.galerne.engine.template.ChatMessage;
import io.galerne.identity.Caller;
import io.galerne.limits.AdmissionControl;
import io.galerne.limits.Decision;
import io.galerne.limits.Demand;
import io.galerne.limits.Reservation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A request without a place costs neither a prompt nor a question to the database. */
class DoormanTests {
  private static final Caller CALLER =
      new Caller(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

  private final ScriptedEngine engine = new ScriptedEngine();
  private final Limits limits = new Limits();

  private static final class Limits implements AdmissionControl {
    private boolean knowsTheCaller = true;
    private int asked;

    @Override
    public Decision admit(Demand demand) {
      asked++;
      return new Decision.Admitted(Reservation.unlimited());
    }

    @Override
    public Optional<Standing> remembered(Caller caller) {
      return knowsTheCaller ? Optional.of(new Standing(Optional.of(0.5))) : Optional.empty();
    }
  }

  private Admission admit(@Nullable Integer maxTokens) {
    CompletionService service =
        new CompletionService(
            Catalogs.of(engine.profile()),
            new EngineRegistry(Map.of("w", engine)),
            new RecordingLedger(),
            limits,
            new SimpleMeterRegistry(),
            ServingBounds.of(Duration.ofMinutes(1), Duration.ofMillis(20)));
    return service.admit(
        ChatRequests.of("tiny", List.of(new ChatMessage("user", "two words")), maxTokens),
        CALLER,
        UUID.randomUUID());
  }

  @Test
  void nothingIsSpentOnWhoHasNoPlace() {
    engine.turnAway(new Submission.QueueFull(7));
    assertThat(admit(5)).isEqualTo(new Admission.QueueFull(7));
    engine.turnAway(new Submission.ShareFull(3));
    assertThat(admit(5)).isEqualTo(new Admission.TenantQueueFull(3));
    assertThat(limits.asked).isZero();
  }

  /** The control: the same request with a place, or of somebody unknown, is looked at. */
  @Test
  void whoMayHaveAPlaceIsAdmitted() {
    assertThat(admit(5)).isInstanceOf(Admission.Admitted.class);
    assertThat(limits.asked).isEqualTo(1);
    engine.turnAway(new Submission.QueueFull(7));
    limits.knowsTheCaller = false;
    assertThat(admit(5)).isInstanceOf(Admission.Admitted.class);
    assertThat(limits.asked).isEqualTo(2);
  }

  @Test
  void whatIsNotComputedNeedsNoPlace() {
    engine.turnAway(new Submission.QueueFull(7));
    assertThat(admit(0)).isInstanceOf(Admission.Admitted.class);
  }
}
