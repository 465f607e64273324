package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoorTests {
  private final Door<String> door = new Door<>(2, 2);

  @Test
  void letsInNoMoreThanItHolds() {
    assertThat(door.enter("a", "key")).isEqualTo(Door.Entry.ENTERED);
    assertThat(door.enter("b", "key")).isEqualTo(Door.Entry.ENTERED);
    assertThat(door.enter("c", "key")).isEqualTo(Door.Entry.FULL);
    assertThat(door.receive(true)).containsExactly("a", "b");
    assertThat(door.enter("c", "key")).as("received is still inside").isEqualTo(Door.Entry.FULL);
    door.leave("key");
    assertThat(door.enter("c", "key")).isEqualTo(Door.Entry.ENTERED);
  }

  @Test
  void aClosedDoorLetsNobodyInAndHoldsNobodyUp() {
    assertThat(door.enter("a", "key")).isEqualTo(Door.Entry.ENTERED);
    door.close();
    assertThat(door.enter("b", "key")).isEqualTo(Door.Entry.CLOSED);
    assertThat(door.receive(true)).containsExactly("a");
    assertThat(door.receive(true)).isEmpty();
    assertThat(door.isClosed()).isTrue();
  }

  @Test
  void leavesRoomForOthersWhateverOneKeySends() {
    Door<String> shared = new Door<>(3, 2);
    assertThat(shared.enter("a", "flood")).isEqualTo(Door.Entry.ENTERED);
    assertThat(shared.enter("b", "flood")).isEqualTo(Door.Entry.ENTERED);
    assertThat(shared.enter("c", "flood")).isEqualTo(Door.Entry.KEY_FULL);
    assertThat(shared.enter("d", "other")).isEqualTo(Door.Entry.ENTERED);
    assertThat(shared.enter("e", "third")).isEqualTo(Door.Entry.FULL);
    shared.leave("flood");
    assertThat(shared.enter("f", "flood")).isEqualTo(Door.Entry.ENTERED);
  }
}
