package io.galerne.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * llama.cpp's answer to the same question: {@code llama-perplexity} runs the weights widened to F32
 * and writes what it found, then measures its own run of the quantised file against that.
 *
 * @param tokens {@code [chunks][context]}
 * @param ownDivergence mean over its evaluated positions, as it prints it
 * @param distributions the log probabilities it wrote for the later half of each chunk
 */
record LlamaCppDivergence(int[][] tokens, double ownDivergence, Distributions distributions) {
  /** The least log probability that the tool takes into account. */
  static final double LEAST = -16;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfChar HALF_WORD =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Pattern MEAN = Pattern.compile("Mean\\s+KLD:\\s+([0-9.]+)");

  /** Log probabilities in 16 bits each: a scale, a minimum and a number for each token. */
  record Distributions(MemorySegment file, long start, int context, int vocabulary) {
    /** The first position of a chunk that is evaluated. */
    int first() {
      return context / 2;
    }

    double logProbability(int chunk, int position, int token) {
      long words = 2L * ((vocabulary + 1) / 2) + 4;
      long row = (long) chunk * (context - 1 - first()) + position - first();
      long offset = start + 2 * words * row;
      float scale = file.get(FLOAT, offset);
      float least = file.get(FLOAT, offset + 4);
      return least + (double) scale * file.get(HALF_WORD, offset + 8 + 2L * token);
    }
  }

  /**
   * Runs the tools of a folder.
   *
   * @return empty if the folder lacks them
   */
  static Optional<LlamaCppDivergence> run(
      String folder, Path weights, Path text, Path work, int context, int chunks)
      throws IOException {
    Path perplexity = Path.of(folder, "llama-perplexity");
    if (!Files.isExecutable(perplexity)) {
      return Optional.empty();
    }
    Path widened = work.resolve("widened-f32.gguf");
    Path base = work.resolve("widened-f32.logits");
    ChildProcess.output(
        Path.of(folder, "llama-quantize").toString(),
        "--allow-requantize",
        weights.toString(),
        widened.toString(),
        "F32");
    String[] rest = {
      "-f", text.toString(), "-c", "" + context, "--chunks", "" + chunks, "-t", "2", "-fa", "off"
    };
    ChildProcess.output(command(perplexity, widened, base, rest, "-ctk", "f32", "-ctv", "f32"));
    String output =
        ChildProcess.output(command(perplexity, weights, base, rest, "--kl-divergence"));
    Matcher mean = MEAN.matcher(output);
    if (!mean.find()) {
      throw new IllegalStateException("llama-perplexity printed no mean: " + output);
    }
    return Optional.of(read(base, Double.parseDouble(mean.group(1))));
  }

  private static String[] command(
      Path tool, Path weights, Path base, String[] rest, String... options) {
    return Stream.of(
            new String[] {
              tool.toString(), "-m", weights.toString(), "--kl-divergence-base", base.toString()
            },
            rest,
            options)
        .flatMap(Arrays::stream)
        .toArray(String[]::new);
  }

  // Lives as long as the process: the distributions are read from the mapping.
  @SuppressWarnings("MustBeClosedChecker")
  private static LlamaCppDivergence read(Path base, double ownDivergence) throws IOException {
    try (FileChannel channel = FileChannel.open(base)) {
      MemorySegment file =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global());
      int context = file.get(INT, 8);
      int vocabulary = file.get(INT, 12);
      int[][] tokens = new int[file.get(INT, 16)][context];
      long offset = 20;
      for (int[] chunk : tokens) {
        for (int i = 0; i < context; i++, offset += 4) {
          chunk[i] = file.get(INT, offset);
        }
      }
      return new LlamaCppDivergence(
          tokens, ownDivergence, new Distributions(file, offset, context, vocabulary));
    }
  }
}
