package io.galerne.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SecretBoxTests {
  private static final String OLD = "0a".repeat(32);
  private static final String NEW = "f1".repeat(32);
  private static final UUID TENANT = UUID.randomUUID();

  private static SealedPlace place(String row) {
    return new SealedPlace(TENANT, row, "backend.credential");
  }

  @Test
  void opensWhereItBelongsAndNowhereElse() {
    SecretBox box = new SecretBox(new Keyring(List.of(OLD)));
    byte[] sealed = box.seal("sk-backend", place("1"));

    assertThat(box.openText(sealed, place("1"))).isEqualTo("sk-backend");
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("sk-backend");
    for (SealedPlace other :
        List.of(
            place("2"),
            new SealedPlace(UUID.randomUUID(), "1", "backend.credential"),
            new SealedPlace(TENANT, "1", "backend.header"))) {
      assertThatThrownBy(() -> box.open(sealed, other)).isInstanceOf(SealBrokenException.class);
    }
    assertThat(box.seal("sk-backend", place("1"))).isNotEqualTo(sealed);
  }

  @Test
  void everyChangedBitIsFound() {
    SecretBox box = new SecretBox(new Keyring(List.of(OLD)));
    byte[] sealed = box.seal("secret", place("1"));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> box.open(changed, place("1")))
          .as("bit %d", bit)
          .isInstanceOf(SealBrokenException.class);
    }
    assertThatThrownBy(() -> box.open(new byte[3], place("1")))
        .isInstanceOf(SealBrokenException.class);
  }

  @Test
  void anotherKeyDoesNotOpen() {
    byte[] sealed = new SecretBox(new Keyring(List.of(OLD))).seal("secret", place("1"));
    assertThatThrownBy(() -> new SecretBox(new Keyring(List.of(NEW))).open(sealed, place("1")))
        .isInstanceOf(SealBrokenException.class)
        .hasMessageContaining("not here");
  }

  @Test
  void keysOfAnotherFormAreRefusedWithoutBeingShown() {
    assertThatThrownBy(() -> new Keyring(List.of("hunter2")))
        .hasMessageContaining("64 hexadecimal digits")
        .hasMessageNotContaining("hunter2");
    assertThat(new SecretsProperties(List.of(OLD)).toString()).doesNotContain(OLD);
  }

  /** 10 000 rows change their key while they are read and written: no read fails. */
  @Test
  void rotationIsOnline() throws Exception {
    SecretBox before = new SecretBox(new Keyring(List.of(OLD)));
    SecretBox after = new SecretBox(new Keyring(List.of(OLD, NEW)));
    Memory column = new Memory();
    Map<String, String> values = new ConcurrentHashMap<>();
    for (int i = 0; i < 10_000; i++) {
      String row = "row-%05d".formatted(i);
      values.put(row, "value " + i);
      column.rows.put(row, before.seal("value " + i, place(row)));
    }
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Integer> reads =
          threads.submit(
              () -> {
                Random random = new Random(1);
                int count = 0;
                while (!done.get() || count < 1_000) {
                  String row = "row-%05d".formatted(random.nextInt(10_000));
                  byte[] sealed = column.rows.get(row);
                  assertThat(sealed).isNotNull();
                  assertThat(after.openText(Objects.requireNonNull(sealed), place(row)))
                      .isEqualTo(values.get(row));
                  count++;
                }
                return count;
              });
      long changed = new KeyRotation(after).rotate(column);
      done.set(true);
      assertThat(changed).isEqualTo(10_000);
      assertThat(reads.get()).isGreaterThan(999);
    }
    SecretBox onlyNew = new SecretBox(new Keyring(List.of(NEW)));
    column.rows.forEach(
        (row, value) -> assertThat(onlyNew.openText(value, place(row))).isEqualTo(values.get(row)));
    assertThat(new KeyRotation(after).rotate(column)).isZero();
  }

  /** What a rotation had done when it was interrupted is not done again. */
  @Test
  void anInterruptedRotationGoesOn() {
    SecretBox before = new SecretBox(new Keyring(List.of(OLD)));
    SecretBox after = new SecretBox(new Keyring(List.of(OLD, NEW)));
    Memory column = new Memory();
    for (int i = 0; i < 1_000; i++) {
      String row = "row-%05d".formatted(i);
      column.rows.put(row, before.seal("value " + i, place(row)));
    }
    column.replacementsMax = 300;
    KeyRotation rotation = new KeyRotation(after);
    assertThatThrownBy(() -> rotation.rotate(column)).hasMessage("killed, on purpose");
    assertThat(rotation.count(column)).isEqualTo(new KeyRotation.Count(1_000, 300));
    column.replacementsMax = Integer.MAX_VALUE;
    assertThat(rotation.rotate(column)).isEqualTo(700);
    assertThat(rotation.count(column).isComplete()).isTrue();
  }

  private static final class Memory implements SealedColumn {
    final ConcurrentSkipListMap<String, byte[]> rows = new ConcurrentSkipListMap<>();
    int replacementsMax = Integer.MAX_VALUE;

    @Override
    public List<Row> after(@Nullable Row last, int max) {
      return (last == null ? rows : rows.tailMap(last.place().rowId(), false))
          .entrySet().stream()
              .limit(max)
              .map(entry -> new Row(place(entry.getKey()), entry.getValue()))
              .toList();
    }

    @Override
    public boolean replace(Row old, byte[] sealed) {
      if (replacementsMax-- == 0) {
        throw new IllegalStateException("killed, on purpose");
      }
      return rows.replace(old.place().rowId(), old.sealed(), sealed);
    }
  }
}
