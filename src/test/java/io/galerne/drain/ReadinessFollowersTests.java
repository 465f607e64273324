package io.galerne.drain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Status;

class ReadinessFollowersTests {
  private final ApplicationAvailabilityBean availability = new ApplicationAvailabilityBean();
  private final ReadinessFollowers followers = new ReadinessFollowers(availability);

  private Status ask() {
    return followers.health().getStatus();
  }

  private void ready() {
    availability.onApplicationEvent(
        new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));
  }

  @Test
  void whoAsksOnAfterTheStartFollows() {
    ready();
    assertThat(ask()).isEqualTo(Status.UP);
    assertThat(followers.exist()).as("who waited for the start").isFalse();
    ask();
    assertThat(followers.exist()).isTrue();
  }

  @Test
  void whoIsToldToWaitDoesNot() {
    assertThat(ask()).isEqualTo(Status.OUT_OF_SERVICE);
    ask();
    ask();
    assertThat(followers.exist()).isFalse();
  }
}
