package io.galerne.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.store.StoreException.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a real server that misbehaves; what fails leaves nothing to be seen. */
class DownloadTests {
  private static final byte[] MODEL = StoreFixture.model(1).toByteArray();
  private static final byte[] OTHER = StoreFixture.model(2).toByteArray();
  private static final long HALF = MODEL.length / 2L / 4096 * 4096;
  private static final TransferLimits LIMITS =
      new TransferLimits(1_000_000_000, 0, 3, Duration.ofSeconds(20), Duration.ofSeconds(20), 1);

  @TempDir Path folder;
  private final WeightsServer server = new WeightsServer(MODEL);
  private final StoreFixture.Notes notes = new StoreFixture.Notes();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void comesWholeAndIsRegistered() throws IOException {
    Manifest added = add(MODEL);

    assertThat(Files.readAllBytes(folder.resolve("tiny.gguf"))).isEqualTo(MODEL);
    assertThat(added.licence()).isEqualTo("apache-2.0");
    assertThat(added.source())
        .as("without the query, which may hold a secret")
        .isEqualTo(server.address("/tiny.gguf").toString());
    assertThat(store().find("tiny"))
        .contains(new ModelStore.Entry.Registered(added, folder.resolve("tiny.gguf")));
    assertThat(new DigestRecords(store()).state(folder.resolve("tiny.gguf"), added.sha256()))
        .isEqualTo(DigestRecords.State.VERIFIED);
    assertThat(folder.resolve(".incoming")).isEmptyDirectory();
  }

  @Test
  void aCutConnectionIsResumedWithTheRestOnly() {
    interrupt();
    server.behave();

    add(MODEL);

    assertThat(server.sent).hasValue(MODEL.length - HALF);
    assertThat(notes.notes).isEmpty();
    assertThat(notes.steps).contains("Downloading %d/%d".formatted(HALF, MODEL.length));
  }

  @Test
  void aServerWithoutRangesStartsAgainAndItIsSaid() {
    interrupt();
    server.behave();
    server.ranges = false;

    add(MODEL);

    assertThat(server.sent).hasValue(MODEL.length);
    assertThat(notes.notes).singleElement().asString().contains("did not resume");
  }

  @Test
  void changedContentStartsAgain() {
    interrupt();
    server.behave();
    server.etag = "\"two\"";
    server.content = OTHER;

    add(OTHER);

    assertThat(server.sent).hasValue(OTHER.length);
    assertThat(notes.notes).singleElement().asString().contains("has changed");
  }

  /** Without If-Range, the halves of two files would make one: the digest finds it. */
  @Test
  void mixedHalvesAreNotAccepted() {
    interrupt();
    server.behave();
    server.honoursIfRange = false;
    server.content = OTHER;

    assertProblem(OTHER, Problem.DIGEST_MISMATCH);
    server.behave();
    add(OTHER);
    assertThat(server.sent).as("the mixture is not resumed").hasValue(OTHER.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "W/\"weak\""})
  void withoutAStrongTagItStartsAgain(String tag) {
    server.etag = tag.isEmpty() ? null : tag;
    interrupt();
    server.behave();

    add(MODEL);

    assertThat(server.sent).hasValue(MODEL.length);
    assertThat(notes.notes).singleElement().asString().contains("starting again");
  }

  @Test
  void anotherAddressStartsAgain() {
    interrupt();
    server.behave();

    store(request(server.address("/mirror/tiny.gguf"), MODEL));

    assertThat(server.sent).hasValue(MODEL.length);
    assertThat(notes.notes).singleElement().asString().contains("elsewhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes 0-9/10", "bytes 1-2/3", "nonsense", "", "bytes 99999999999999999999-1/2"})
  void aWrongRangeIsRefusedAndTheNextTimeItStartsAnew(String range) {
    interrupt();
    server.behave();
    server.contentRange = range;
    assertProblem(MODEL, Problem.BAD_ANSWER).hasMessageContaining("asked for the bytes from");

    server.behave();
    add(MODEL);
    assertThat(server.sent).hasValue(MODEL.length);
  }

  @Test
  void aWrongDigestIsRefused() {
    server.content = OTHER;

    assertProblem(MODEL, Problem.DIGEST_MISMATCH)
        .hasMessageContaining(StoreFixture.sha256(MODEL))
        .hasMessageContaining(StoreFixture.sha256(OTHER));
    assertThat(folder.resolve(".incoming")).isEmptyDirectory();
  }

  @Test
  void aStallEndsTheWaitAndIsResumed() {
    server.stallAfter = HALF;
    TransferLimits impatient =
        new TransferLimits(1 << 30, 0, 3, Duration.ofSeconds(20), Duration.ofMillis(500), 1);
    assertThatThrownBy(
            () -> store(request(server.address("/tiny.gguf?token=secret"), MODEL), impatient))
        .satisfies(e -> hasProblem(e, Problem.STALLED))
        .hasMessageContaining(HALF + " of " + MODEL.length);
    assertNothingToBeSeen();
    server.behave();

    add(MODEL);

    assertThat(server.sent).hasValue(MODEL.length - HALF);
  }

  @Test
  void silenceEndsTheWait() {
    server.silent = true;

    TransferLimits impatient =
        new TransferLimits(1 << 30, 0, 3, Duration.ofMillis(400), Duration.ofSeconds(5), 1);
    assertThatThrownBy(() -> store(request(server.address("/tiny.gguf"), MODEL), impatient))
        .satisfies(e -> hasProblem(e, Problem.UNREACHABLE))
        .hasMessageContaining("did not answer");
    assertNothingToBeSeen();
  }

  @Test
  void aLieOnTheLengthIsFound() {
    server.claimedMore = 1000;
    assertProblem(MODEL, Problem.INTERRUPTED);

    server.behave();
    server.content = Arrays.copyOf(MODEL, MODEL.length - 1000);
    assertProblem(MODEL, Problem.BAD_ANSWER);
  }

  @Test
  void redirectsAreFollowed() {
    server.redirect = "/moved";

    add(MODEL);

    assertThat(server.requests).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://localhost/x",
        "",
        "http://user:secret@localhost/x",
        "/again",
        "jar:file:/x!/y",
        "http:relative",
        "http://[bad"
      })
  void otherRedirectsAreNot(String location) {
    server.redirect = location;

    assertProblem(MODEL, Problem.BAD_REDIRECT).message().doesNotContain("secret");
    assertThat(server.requests.get()).isLessThanOrEqualTo(1 + LIMITS.redirectsMax());
  }

  @Test
  void encryptionIsNotGivenUp() {
    URI encrypted = URI.create("https://example.org/a");

    assertThatThrownBy(() -> Redirects.target(encrypted, "http://example.org/b"))
        .satisfies(e -> hasProblem(e, Problem.BAD_REDIRECT))
        .hasMessageContaining("not encrypted");
    assertThat(Redirects.target(encrypted, "//cdn.example.org/b"))
        .isEqualTo(URI.create("https://cdn.example.org/b"));
    assertThat(Redirects.target(URI.create("http://example.org/a"), "https://example.org/b"))
        .isEqualTo(URI.create("https://example.org/b"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tooMuchIsRefused(boolean chunked) {
    server.chunked = chunked;

    assertThatThrownBy(
            () ->
                store(
                    request(server.address("/tiny.gguf"), MODEL),
                    LIMITS.withBytesMax(MODEL.length - 1)))
        .satisfies(e -> hasProblem(e, Problem.TOO_LARGE))
        .hasMessageContaining("--max-size");
    assertThat(folder.resolve(".incoming")).isEmptyDirectory();
    if (!chunked) {
      assertThat(notes.steps).as("nothing of it was taken").isEmpty();
    }
    server.behave();
    server.chunked = chunked;
    store(request(server.address("/tiny.gguf"), MODEL), LIMITS.withBytesMax(MODEL.length));
  }

  @Test
  void moreThanTheDiskHoldsIsRefusedBeforeItComes() {
    server.claimedMore = 1L << 60;

    assertThatThrownBy(
            () ->
                store(
                    request(server.address("/tiny.gguf"), MODEL),
                    LIMITS.withBytesMax(Long.MAX_VALUE)))
        .satisfies(e -> hasProblem(e, Problem.NO_ROOM))
        .hasMessageContaining("1.2 EB more are needed");
    assertNothingToBeSeen();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 404, 500})
  void anotherStatusIsNoFile(int status) {
    server.status = status;

    assertProblem(MODEL, Problem.BAD_ANSWER).hasMessageContaining("status " + status);
  }

  @Test
  void anEncodedBodyIsNoFile() {
    server.encoding = "gzip";

    assertProblem(MODEL, Problem.BAD_ANSWER).hasMessageContaining("gzip");
  }

  @Test
  void whatTheEngineCannotLoadIsNotRegistered() {
    server.content = "<html>sign in</html>, padded to a header".getBytes(StandardCharsets.UTF_8);
    assertProblem(server.content, Problem.UNUSABLE).hasMessageContaining("header.magic");

    server.content = StoreFixture.model(1).string("general.architecture", "mamba").toByteArray();
    assertProblem(server.content, Problem.UNUSABLE).hasMessageContaining("general.architecture");
  }

  @Test
  void aLicenceThatIsMissingIsAskedForWithoutAnotherDownload() {
    byte[] silent = TinyModel.writer(GgmlType.F32, 1).toByteArray();
    server.content = silent;
    assertProblem(silent, Problem.LICENCE_UNKNOWN).hasMessageContaining("--licence");
    server.behave();

    Manifest added =
        store(
            new WeightsAddition.Request(
                new WeightsAddition.Origin.Remote(server.address("/tiny.gguf?token=secret")),
                "tiny",
                StoreFixture.sha256(silent),
                "MIT",
                null,
                digest -> false));

    assertThat(added.licence()).isEqualTo("MIT");
    assertThat(server.sent).hasValue(0);
  }

  @Test
  void whatNobodyVouchesForIsRefused() {
    assertThatThrownBy(() -> store(request(server.address("/tiny.gguf"), null)))
        .satisfies(e -> hasProblem(e, Problem.DIGEST_UNKNOWN))
        .hasMessageContaining("--sha256 " + StoreFixture.sha256(MODEL));
    assertNothingToBeSeen();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://localhost/x", "http://u:p@localhost/x"})
  void otherAddressesAreNotFetched(String address) {
    assertThatThrownBy(() -> store(request(URI.create(address), MODEL)))
        .satisfies(e -> hasProblem(e, Problem.BAD_ADDRESS));
    assertNothingToBeSeen();
  }

  private void interrupt() {
    server.cutAfter = HALF;
    server.beforeCut = this::awaitHalf; // the HTTP client drops what it holds when it sees the cut
    assertProblem(MODEL, Problem.INTERRUPTED)
        .hasMessageContaining(HALF + " of " + MODEL.length + " bytes have arrived");
  }

  private void awaitHalf() {
    Path part = folder.resolve(".incoming").resolve("tiny.part");
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (part.toFile().length() < HALF && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertProblem(
      byte[] expected, Problem problem) {
    Consumer<Throwable> isProblem = e -> hasProblem(e, problem);
    var failed = assertThatThrownBy(() -> add(expected)).satisfies(isProblem::accept);
    assertNothingToBeSeen();
    return failed;
  }

  private static void hasProblem(Throwable failure, Problem problem) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }

  private void assertNothingToBeSeen() {
    assertThat(store().entries()).isEmpty();
    assertThat(store().strays()).isEmpty();
  }

  private Manifest add(byte[] expected) {
    return store(request(server.address("/tiny.gguf?token=secret"), expected));
  }

  private static WeightsAddition.Request request(URI address, byte @Nullable [] expected) {
    return new WeightsAddition.Request(
        new WeightsAddition.Origin.Remote(address),
        "tiny",
        expected == null ? null : StoreFixture.sha256(expected),
        null,
        null,
        digest -> false);
  }

  private Manifest store(WeightsAddition.Request request) {
    return store(request, LIMITS);
  }

  private Manifest store(WeightsAddition.Request request, TransferLimits limits) {
    return new WeightsAddition(store(), limits, notes, Clock.systemUTC()).add(request);
  }

  private ModelStore store() {
    return new ModelStore(folder);
  }
}
