package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufEdit;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufWriter;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.KernelChoice;
import io.galerne.engine.kernel.KernelLadder;
import io.galerne.engine.model.KvCache;
import io.galerne.engine.model.LlamaConfig;
import io.galerne.engine.model.LlamaLoader;
import io.galerne.engine.model.ModelRunner;
import io.galerne.engine.sampling.Sampler;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryEstimateTests {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int VOCABULARY = 259;

  @TempDir Path folder;

  /** Against what the parts of an engine really allocate, so that the two can't drift apart. */
  @Test
  void isWhatTheEngineAllocates() {
    EngineSettings settings =
        EngineSettings.of(folder).withThreads(3).withQueue(40, 1).withKvMemoryBytes(2 << 20);
    Path path = TinyModel.writer(GgmlType.Q8_0, 1).write(folder.resolve("tiny.gguf"));
    try (GgufFile file = GgufFile.open(path);
        Arena arena = Arena.ofShared();
        ComputePool pool = new ComputePool(settings.threads())) {
      LlamaConfig config = LlamaConfig.from(file.metadata());
      MemoryEstimate estimate = MemoryEstimate.of(config, file.tensors(), VOCABULARY, settings);
      long[] packed = new long[1];
      var weights =
          LlamaLoader.load(
              file,
              config,
              VOCABULARY,
              (size, alignment) -> {
                packed[0] += size;
                return arena.allocate(size, alignment);
              },
              pool,
              done -> {});
      long norms = 5L * TinyModel.EMBEDDING * Float.BYTES;
      assertThat(estimate.weightsBytes()).isEqualTo(packed[0] + norms);

      var kernels = KernelLadder.choose(KernelChoice.SCALAR);
      int blocks = (int) MemoryEstimate.blocks(config, settings);
      long start = THREADS.getCurrentThreadAllocatedBytes();
      KvCache cache = new KvCache(config, blocks);
      for (int block = 0; block < blocks; block++) {
        cache.prepare(block);
      }
      long keysAndValues = THREADS.getCurrentThreadAllocatedBytes() - start;
      assertThat(estimate.kvBytes()).isCloseTo(keysAndValues, Percentage.withPercentage(5));

      long working = 0;
      // The first time classes are loaded, too.
      for (int time = 0; time < 2; time++) {
        start = THREADS.getCurrentThreadAllocatedBytes();
        var runner =
            new ModelRunner(
                config,
                weights,
                cache,
                kernels,
                pool,
                settings.stepTokensMax(),
                settings.sequencesMax());
        for (int thread = 0; thread < settings.threads(); thread++) {
          assertThat(new Sampler(kernels, runner.vocabulary())).isNotNull();
        }
        working = THREADS.getCurrentThreadAllocatedBytes() - start;
      }
      assertThat(estimate.workingBytes()).isCloseTo(working, Percentage.withPercentage(5));
    }
  }

  @Test
  void growsWithWhatTheSettingsAllow() {
    EngineSettings settings = EngineSettings.of(folder).withThreads(1).withKvMemoryBytes(1 << 30);
    MemoryEstimate one = mistral(settings.withQueue(1, 1), 32_000);
    MemoryEstimate many = mistral(settings.withQueue(100, 1), 32_000);
    assertThat(many.workingBytes() - one.workingBytes()).isEqualTo(99L * 32_000 * 4);
    assertThat(one.kvBytes()).isBetween((1L << 30) - (1 << 24), (1L << 30) + (1 << 23));
    assertThat(one.kvBytesPerToken() * KvCache.BLOCK_TOKENS).isEqualTo(KvCache.blockBytes(MISTRAL));
    MemoryEstimate threads = mistral(settings.withQueue(1, 1).withThreads(5), 32_000);
    long scores = 4L * 4 * Math.min(32_768, one.kvBytes() / one.kvBytesPerToken());
    assertThat(threads.workingBytes() - one.workingBytes()).isGreaterThan(scores);
  }

  @Test
  void saysWhatIsNeededAndWhatThereIs() {
    EngineSettings settings = EngineSettings.of(folder).withThreads(1).withKvMemoryBytes(1 << 30);
    MemoryEstimate estimate = mistral(settings, 32_000);
    estimate.requireFits(estimate.totalBytes(), estimate.totalBytes());
    assertRefused(estimate, estimate.totalBytes() - 1, Long.MAX_VALUE, "in this machine");
    assertRefused(estimate, Long.MAX_VALUE, estimate.workingBytes(), "by -Xmx");
    assertRefused(
        mistral(settings.withKvMemoryBytes(1 << 20), 32_000),
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        "fewer than two blocks");
    assertRefused(
        mistral(settings.withQueue(100_000, 1), 1 << 20),
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        "an array of");
  }

  /** A model of two terabytes in a file with holes, each of its fields in order. */
  @Test
  void aModelTooLargeForTheMachineIsRefusedBeforeAnythingIsAllocated() throws IOException {
    Path path = folder.resolve("huge.gguf");
    writeHuge(path);
    assertThat(Loading.of(path))
        .isInstanceOfSatisfying(
            Loading.Refused.class,
            refused -> {
              assertThat(refused.field()).isEqualTo("memory");
              assertThat(refused.message()).contains("bytes are needed", "in this machine");
              assertThat(refused.allocatedBytes()).isLessThan(64 << 20);
            });
  }

  /** Attention keeps a score for each position, on each thread. */
  @Test
  void aContextTooLongForTheHeapIsRefusedBeforeAnythingIsAllocated() throws IOException {
    var honest = new GgufEdit(FuzzCorpus.dense(GgmlType.F32, true));
    byte[] file = honest.set("llama.context_length", Integer.MAX_VALUE).toByteArray();
    Path path = Files.write(folder.resolve("context.gguf"), file);
    assertThat(Loading.of(Loading.settings(path).withKvMemoryBytes(1L << 50)))
        .isInstanceOfSatisfying(
            Loading.Refused.class,
            refused -> {
              assertThat(refused.field()).isEqualTo("memory");
              assertThat(refused.allocatedBytes()).isLessThan(16 << 20);
            });
    assertThat(Loading.of(path)).isInstanceOf(Loading.Loaded.class);
    assertThatExceptionOfType(OutOfMemoryError.class)
        .as("the control: what the scores would take")
        .isThrownBy(() -> assertThat(new float[64][Integer.MAX_VALUE]).isNull());
  }

  /** No memory for weights before the last one is checked. */
  @Test
  void nothingIsAllocatedForAModelWhoseLastTensorIsMissing() {
    GgufWriter writer = FuzzCorpus.dense(GgmlType.Q8_0, false).u32("llama.block_count", 2);
    try (GgufFile file = GgufFile.open(writer.write(folder.resolve("missing.gguf")))) {
      LlamaConfig config = LlamaConfig.from(file.metadata());
      assertThatExceptionOfType(GgufException.class)
          .isThrownBy(() -> LlamaLoader.check(file, config, 18))
          .withMessageContaining("blk.1.attn_norm.weight");
      long[] asked = new long[1];
      try (Arena arena = Arena.ofConfined();
          ComputePool pool = new ComputePool(1)) {
        assertThatExceptionOfType(GgufException.class)
            .isThrownBy(
                () ->
                    LlamaLoader.load(
                        file,
                        config,
                        18,
                        (size, alignment) -> {
                          asked[0] += size;
                          return arena.allocate(size, alignment);
                        },
                        pool,
                        done -> {}));
      }
      assertThat(asked[0]).as("memory asked for").isZero();
    }
  }

  private static final LlamaConfig MISTRAL = mistralConfig();

  private static LlamaConfig mistralConfig() {
    try {
      Path file = Files.createTempFile("mistral-shape", ".gguf");
      new GgufWriter()
          .string("general.architecture", "llama")
          .u32("llama.block_count", 32)
          .u32("llama.embedding_length", 4096)
          .u32("llama.feed_forward_length", 14_336)
          .u32("llama.attention.head_count", 32)
          .u32("llama.attention.head_count_kv", 8)
          .u32("llama.context_length", 32_768)
          .write(file);
      try (GgufFile gguf = GgufFile.open(file)) {
        return LlamaConfig.from(gguf.metadata());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MemoryEstimate mistral(EngineSettings settings, int vocabulary) {
    return MemoryEstimate.of(MISTRAL, List.of(), vocabulary, settings);
  }

  private static void assertRefused(
      MemoryEstimate estimate, long machine, long heap, String message) {
    assertThatExceptionOfType(GgufException.class)
        .isThrownBy(() -> estimate.requireFits(machine, heap))
        .withMessageContaining(message)
        .extracting(GgufException::field)
        .isEqualTo("memory");
  }

  private static void writeHuge(Path path) throws IOException {
    long wide = 1 << 20;
    long[][] shapes = {
      {wide, 18},
      {wide},
      {wide, 32},
      {wide, 16},
      {wide, 16},
      {32, wide},
      {wide},
      {wide, wide},
      {wide, wide},
      {wide, wide},
      {wide},
      {wide, 18}
    };
    List<String> names =
        List.of(
            "token_embd",
            "blk.0.attn_norm",
            "blk.0.attn_q",
            "blk.0.attn_k",
            "blk.0.attn_v",
            "blk.0.attn_output",
            "blk.0.ffn_norm",
            "blk.0.ffn_gate",
            "blk.0.ffn_up",
            "blk.0.ffn_down",
            "output_norm",
            "output");
    var file =
        new GgufEdit(FuzzCorpus.dense(GgmlType.Q4_0, true))
            .set("llama.embedding_length", wide)
            .set("llama.feed_forward_length", wide);
    long offset = 0;
    for (int i = 0; i < shapes.length; i++) {
      String tensor = "tensor " + names.get(i) + ".weight";
      long elements = 1;
      for (int d = 0; d < shapes[i].length; d++) {
        file.set(tensor + ".shape[" + d + "]", shapes[i][d]);
        elements *= shapes[i][d];
      }
      file.set(tensor + ".offset", offset);
      offset += shapes[i].length == 1 ? elements * 4 : elements / 32 * 18;
    }
    byte[] header = file.toByteArray();
    try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
      out.write(header);
      out.setLength(header.length + offset);
    }
  }
}
