package io.galerne.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufMutator;
import io.galerne.engine.sampling.SamplingParams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one tenant streams does not change while another's hostile files are loaded beside it. */
class HostileNeighbourTests {
  private static final int STREAMS = 20;
  private static final int FILES = 120;

  @TempDir Path folder;

  @Test
  void streamsAreTheSameAsWhenItIsQuiet() throws Exception {
    Path honest = TinyModel.writer(GgmlType.Q8_0, 11).write(folder.resolve("tiny.gguf"));
    EngineSettings settings = EngineSettings.of(honest).withThreads(1);
    try (Engine engine = Engine.load(settings, LoadListener.NONE);
        ExecutorService others = Executors.newSingleThreadExecutor()) {
      List<String> quiet = round(engine);
      assertThat(quiet.stream().distinct().count()).isGreaterThan(STREAMS / 2);
      Future<Integer> hostile = others.submit(loadHostileFiles());
      int rounds = 0;
      do {
        assertThat(round(engine)).isEqualTo(quiet);
        rounds++;
      } while (!hostile.isDone());
      assertThat(hostile.get()).isBetween(FILES / 3, FILES - 1);
      assertThat(rounds).isGreaterThan(1);
      assertThat(engine.statistics().running()).isZero();
    }
  }

  /** How many of them were refused. */
  private Callable<Integer> loadHostileFiles() {
    return () -> {
      int refused = 0;
      for (int seed = 0; seed < FILES; seed++) {
        byte[] file = new GgufMutator(FuzzCorpus.files(), -seed - 1).next();
        Path path = Files.write(folder.resolve("hostile.gguf"), file);
        refused += Loading.of(path) instanceof Loading.Refused ? 1 : 0;
      }
      return refused;
    };
  }

  private static List<String> round(Engine engine) {
    List<Generation> streams = IntStream.range(0, STREAMS).mapToObj(i -> start(engine, i)).toList();
    List<String> answers = new ArrayList<>();
    for (Generation stream : streams) {
      Answers.Whole whole = Answers.read(stream);
      answers.add(whole.end().reason() + ": " + whole.text());
    }
    return answers;
  }

  private static Generation start(Engine engine, int i) {
    int[] prompt = IntStream.range(0, 3 + i).map(k -> 2 + (k * 7 + i) % 250).toArray();
    return Answers.start(engine, prompt, new SamplingParams(0.9f, 0.9f, i, 16, List.of()));
  }
}
