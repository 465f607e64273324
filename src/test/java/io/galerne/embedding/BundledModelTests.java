package io.galerne.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BundledModelTests {
  private static EmbeddingModel model;

  @BeforeAll
  static void load() {
    model = BundledModel.load();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void vectorsHaveTheProfilesLengthAndUnitNorm() {
    float[] vector = vector("Hello, world!");

    assertThat(vector).hasSize(384).hasSize(model.profile().dimensions());
    assertThat(cosine(vector, vector)).isCloseTo(1, offset(1e-6));
  }

  /** Of 40 sentences, the nearest to each sentence is the one that says the same. */
  @Test
  void relatedSentencesAreNearerThanUnrelatedOnes() throws IOException {
    List<String[]> pairs = pairs();
    List<float[]> left = pairs.stream().map(pair -> vector(pair[0])).toList();
    List<float[]> right = pairs.stream().map(pair -> vector(pair[1])).toList();

    assertThat(pairs).hasSize(40);
    assertThat(nearest(left, right, 0)).isEqualTo(pairs.size());
    // the count can be another: no sentence is nearest to its partner's neighbour
    assertThat(nearest(left, right, 1)).isZero();
  }

  /** How many vectors on the left are nearest to the one on the right that is so many places on. */
  private static long nearest(List<float[]> left, List<float[]> right, int shift) {
    return IntStream.range(0, left.size())
        .filter(
            i -> {
              int partner = (i + shift) % right.size();
              double related = cosine(left.get(i), right.get(partner));
              return IntStream.range(0, right.size())
                  .filter(j -> j != partner)
                  .allMatch(j -> cosine(left.get(i), right.get(j)) < related);
            })
        .count();
  }

  @Test
  void theSameTextHasTheSameBitsWhateverRunsBesideIt() throws Exception {
    List<String> texts = pairs().stream().limit(15).flatMap(Arrays::stream).toList();
    List<float[]> alone = texts.stream().map(BundledModelTests::vector).toList();

    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Callable<float[]>> calls =
          texts.stream().<Callable<float[]>>map(text -> () -> vector(text)).toList();
      List<Future<float[]>> together = threads.invokeAll(calls);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i).get()).as(texts.get(i)).isEqualTo(alone.get(i));
      }
    }
  }

  /** Why no text shares a batch: 8-bit products scale by the largest value of the whole batch. */
  @Test
  void aPaddedBatchWouldChangeAVector() throws OrtException {
    int[] text = model.tokens("The cat is sleeping on the sofa.");
    int[] other = model.tokens("42 !!! zzz ".repeat(20));

    assertThat(PaddedBatch.first(text)).isEqualTo(model.vector(text));
    assertThat(PaddedBatch.first(text, other)).isNotEqualTo(model.vector(text));
  }

  @Test
  void takesTheLongestTextAndNoLongerOne() {
    int[] longest = new int[512];
    Arrays.fill(longest, 1037);
    int[] longer = Arrays.copyOf(longest, 513);

    assertThat(model.profile().tokensMax()).isEqualTo(longest.length);
    assertThat(model.vector(longest)).hasSize(384);
    assertThatThrownBy(() -> model.vector(longer)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesWhatIsNoModel() {
    WordPieceTokenizer tokenizer =
        TokenizerFile.read(
            BundledModel.resource(BundledModel.TOKENIZER, BundledModel.TOKENIZER_DIGEST));

    assertThatThrownBy(
            () ->
                OnnxEncoder.load(
                    BundledModel.PROFILE,
                    tokenizer,
                    "not a model".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContaining(BundledModel.PROFILE.name());
  }

  private static float[] vector(String text) {
    return model.vector(model.tokens(text));
  }

  private static List<String[]> pairs() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            BundledModelTests.class.getResourceAsStream("/embedding/pairs.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t", -1))
          .toList();
    }
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
