package io.galerne.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of this machine, and what the store makes of what it finds. */
class WeightsAdditionTests {
  private static final byte[] MODEL = StoreFixture.model(1).toByteArray();
  private static final String DIGEST = StoreFixture.sha256(MODEL);

  @TempDir Path folder;
  private Path file = Path.of("");
  private ModelStore store = new ModelStore(file);

  @BeforeEach
  void writeAFile() throws IOException {
    file = Files.write(folder.resolve("given.gguf"), MODEL);
    store = new ModelStore(folder.resolve("store"));
  }

  @Test
  void aFileIsCopied() throws IOException {
    Manifest added = add("tiny", DIGEST, false);

    assertThat(added.file()).isEqualTo("tiny.gguf");
    assertThat(added.source()).isEqualTo("local file given.gguf");
    assertThat(Files.readAllBytes(store.folder().resolve("tiny.gguf"))).isEqualTo(MODEL);
    assertThat(store.strays()).isEmpty();
  }

  @Test
  void anUnknownDigestIsRecordedOnlyIfSomebodyTrustsIt() {
    assertProblem(() -> add("tiny", null, false), Problem.DIGEST_UNKNOWN);
    assertThat(store.entries()).isEmpty();

    assertThat(add("tiny", null, true).sha256()).isEqualTo(DIGEST);
  }

  @Test
  void aFileInTheStoreIsRegisteredWhereItIs() throws IOException {
    Files.createDirectories(store.folder());
    Path inside = Files.move(file, store.folder().resolve("by-hand.gguf"));
    assertThat(store.strays()).containsExactly(inside);
    file = inside;

    assertThat(add("tiny", DIGEST, false).file()).isEqualTo("by-hand.gguf");

    assertThat(store.strays()).isEmpty();
    try (var files = Files.list(store.folder())) {
      assertThat(files.filter(f -> f.toString().endsWith(".gguf"))).containsExactly(inside);
    }
  }

  /** As a crash between the last two steps leaves it. */
  @Test
  void weightsWithoutAManifestAreNotInTheStoreAndTheDigestBringsThemIn() throws IOException {
    Files.createDirectories(store.folder());
    Files.write(store.folder().resolve("tiny.gguf"), MODEL);
    Files.delete(file);
    assertThat(store.entries()).isEmpty();

    assertProblem(() -> add("tiny", null, true), Problem.TAKEN);
    assertProblem(() -> add("tiny", "0".repeat(64), true), Problem.DIGEST_MISMATCH);
    assertThat(store.folder().resolve("tiny.gguf")).as("it is not ours to delete").exists();
    assertThat(add("tiny", DIGEST, false).file()).isEqualTo("tiny.gguf");
  }

  @Test
  void anIdIsTakenOnce() {
    add("tiny", DIGEST, false);

    assertProblem(() -> add("tiny", DIGEST, false), Problem.TAKEN);
    add("tiny-2", DIGEST, false);
    assertThat(store.entries()).extracting(ModelStore.Entry::id).containsExactly("tiny", "tiny-2");
  }

  @Test
  void twoCannotAddTheSameIdAtOnce() throws IOException {
    try (FileChannel other = store.incoming("tiny").open()) {
      assertThat(other.isOpen()).isTrue();
      assertProblem(() -> add("tiny", DIGEST, false), Problem.BUSY);
    }
    add("tiny", DIGEST, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../tiny", "a/b", "", ".hidden", "..", "a b", "a\nb", "/tiny", "a\\b"})
  void anIdCannotLeadOutOfTheStore(String id) throws IOException {
    assertProblem(() -> add(id, DIGEST, false), Problem.BAD_ID);
    assertProblem(() -> store.remove(id), Problem.BAD_ID);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../given.gguf", "/etc/passwd", "a/b.gguf", ".."})
  void aManifestCannotLeadOutOfTheStore(String target) throws IOException {
    add("tiny", DIGEST, false);
    Path manifest = store.folder().resolve("tiny.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"tiny.gguf\"", "\"" + target + "\""));

    assertThat(store.find("tiny").orElseThrow())
        .isInstanceOfSatisfying(
            ModelStore.Entry.Broken.class,
            broken -> assertThat(broken.reason()).contains("file: '" + target + "'"));
    store.remove("tiny");
    assertThat(file).exists();
    assertThat(store.entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"id\":\"tiny\"}", "{\"id\":7,\"bytes\":\"x\"}"})
  void aManifestThatIsNoneIsSaidToBe(String text) throws IOException {
    Files.createDirectories(store.folder());
    Files.writeString(store.folder().resolve("tiny.json"), text);

    assertThat(store.entries())
        .singleElement()
        .isInstanceOfSatisfying(
            ModelStore.Entry.Broken.class, broken -> assertThat(broken.reason()).isNotBlank());
  }

  @Test
  void whatIsNotThereCannotBeAddedOrRemoved() throws IOException {
    Files.delete(file);

    assertProblem(() -> add("tiny", DIGEST, false), Problem.UNKNOWN);
    assertProblem(() -> store.remove("other"), Problem.UNKNOWN);
  }

  @Test
  void aFileThatChangedIsUnverifiedAgain() throws IOException {
    add("tiny", DIGEST, false);
    DigestRecords digests = new DigestRecords(store);
    Path weights = store.folder().resolve("tiny.gguf");
    assertThat(digests.state(weights, DIGEST)).isEqualTo(DigestRecords.State.VERIFIED);

    byte[] damaged = MODEL.clone();
    damaged[damaged.length - 1] ^= 1;
    Files.write(weights, Arrays.copyOf(damaged, damaged.length - 1));
    assertThat(digests.state(weights, DIGEST)).isEqualTo(DigestRecords.State.UNVERIFIED);
    assertThat(digests.verify(weights, DIGEST, read -> {})).isEqualTo(DigestRecords.State.MISMATCH);
    assertThat(digests.state(weights, DIGEST)).isEqualTo(DigestRecords.State.MISMATCH);
    Files.delete(weights);
    assertThat(digests.state(weights, DIGEST)).isEqualTo(DigestRecords.State.MISSING);
  }

  private static void assertProblem(Runnable action, Problem problem) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }

  private Manifest add(String id, @Nullable String sha256, boolean trust) {
    return new WeightsAddition(
            store, TransferLimits.DEFAULT, new StoreFixture.Notes(), Clock.systemUTC())
        .add(
            new WeightsAddition.Request(
                new WeightsAddition.Origin.Local(file), id, sha256, null, null, digest -> trust));
  }
}
