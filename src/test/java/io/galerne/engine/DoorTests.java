package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoorTests {
  private final Door<String> door = new Door<>(2);

  @Test
  void letsInNoMoreThanItHolds() {
    assertThat(door.enter("a")).isEqualTo(Door.Entry.ENTERED);
    assertThat(door.enter("b")).isEqualTo(Door.Entry.ENTERED);
    assertThat(door.enter("c")).isEqualTo(Door.Entry.FULL);
    assertThat(door.receive(true)).containsExactly("a", "b");
    assertThat(door.enter("c")).as("received is still inside").isEqualTo(Door.Entry.FULL);
    door.leave();
    assertThat(door.enter("c")).isEqualTo(Door.Entry.ENTERED);
  }

  @Test
  void aClosedDoorLetsNobodyInAndHoldsNobodyUp() {
    assertThat(door.enter("a")).isEqualTo(Door.Entry.ENTERED);
    door.close();
    assertThat(door.enter("b")).isEqualTo(Door.Entry.CLOSED);
    assertThat(door.receive(true)).containsExactly("a");
    assertThat(door.receive(true)).isEmpty();
    assertThat(door.isClosed()).isTrue();
  }
}
