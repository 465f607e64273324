package io.galerne.engine;

import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufTensor;
import io.galerne.engine.kernel.ComputePool;
import io.galerne.engine.kernel.HugePages;
import io.galerne.engine.kernel.KernelLadder;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.model.KvCache;
import io.galerne.engine.model.LlamaConfig;
import io.galerne.engine.model.LlamaLoader;
import io.galerne.engine.model.LlamaWeights;
import io.galerne.engine.model.ModelRunner;
import io.galerne.engine.scheduler.BlockManager;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.FillInMiddle;
import io.galerne.engine.template.PromptEncoder;
import io.galerne.engine.template.PromptFormat;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.TemplateException;
import io.galerne.engine.template.ToolCallFormat;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engine in this JVM: one GGUF file, one loop, one pool of compute threads. */
final class LocalEngine implements Engine {
  private final ModelProfile profile;
  private final PromptEncoder prompts;
  private final Optional<FillInMiddle> fillInMiddle;
  private final EngineLoop loop;
  private final Thread thread;
  private final ComputePool pool;
  private final Arena arena;
  private final String kernels;
  private final int kvBlocks;
  private final Constraints constraints;
  private final ReadableTokens readable;

  private LocalEngine(
      ModelProfile profile,
      PromptEncoder prompts,
      Optional<FillInMiddle> fillInMiddle,
      EngineLoop loop,
      ComputePool pool,
      Arena arena,
      String kernels,
      int kvBlocks,
      Constraints constraints,
      ReadableTokens readable) {
    this.readable = readable;
    this.profile = profile;
    this.prompts = prompts;
    this.fillInMiddle = fillInMiddle;
    this.loop = loop;
    this.pool = pool;
    this.arena = arena;
    this.kernels = kernels;
    this.kvBlocks = kvBlocks;
    this.constraints = constraints;
    this.thread = Thread.ofPlatform().name("galerne-engine").daemon().start(loop);
  }

  static LocalEngine load(EngineSettings settings, LoadListener listener) {
    return load(settings, listener, EngineProbe.NONE);
  }

  // The engine owns the arena and closes it.
  @SuppressWarnings("MustBeClosedChecker")
  static LocalEngine load(EngineSettings settings, LoadListener listener, EngineProbe probe) {
    Arena arena = Arena.ofShared();
    ComputePool pool = new ComputePool(settings.threads());
    try (GgufFile file = GgufFile.open(settings.weights())) {
      return load(file, settings, listener, probe, arena, pool);
    } catch (GgufException e) {
      free(pool, arena);
      throw new WeightsException(settings.weights(), e);
    } catch (TemplateException e) {
      free(pool, arena);
      throw new WeightsException(settings.weights(), e);
    } catch (RuntimeException | Error e) {
      free(pool, arena);
      throw e;
    }
  }

  private static void free(ComputePool pool, Arena arena) {
    pool.close();
    arena.close();
  }

  private static LocalEngine load(
      GgufFile file,
      EngineSettings settings,
      LoadListener listener,
      EngineProbe probe,
      Arena arena,
      ComputePool pool) {
    LlamaConfig config = config(file, settings);
    Tokenizer tokenizer = Tokenizers.fromGguf(file.metadata());
    PromptFormat configured = settings.promptFormat();
    PromptFormat format =
        configured != null ? configured : PromptFormat.detect(file.metadata(), tokenizer);
    PromptEncoder prompts = format.encoder(file.metadata(), tokenizer);
    Optional<FillInMiddle> fill = FillInMiddle.of(file.metadata(), tokenizer);
    LlamaLoader.check(file, config, tokenizer.vocabularySize());
    MemoryEstimate.of(config, file.tensors(), tokenizer.vocabularySize(), settings)
        .requireFits(MachineMemory.availableBytes(), Runtime.getRuntime().maxMemory());
    long total = LlamaLoader.packedBytes(file);
    listener.progress(0, total);
    FileDigest digest = FileDigest.start(file);
    LlamaWeights weights =
        LlamaLoader.load(
            file,
            config,
            tokenizer.vocabularySize(),
            HugePages.allocator(LlamaLoader.allocatedBytes(file), arena),
            pool,
            packed -> listener.progress(packed, total));
    Kernels kernels = probe.kernels(KernelLadder.choose(settings.kernels()));
    int context = contextTokens(config, settings);
    KvCache cache = new KvCache(config, (int) MemoryEstimate.blocks(config, settings));
    var blocks = new BlockManager(cache.blocks(), KvCache.BLOCK_TOKENS, config.slidingWindow());
    int cacheTokens = cache.blocks() * KvCache.BLOCK_TOKENS;
    int boundedContext = blocks.canHold(context) ? context : Math.min(context, cacheTokens);
    ModelRunner runner =
        new ModelRunner(
            config,
            weights,
            cache,
            kernels,
            pool,
            settings.stepTokensMax(),
            settings.sequencesMax());
    String sha256 = digest.await();
    file.requireUnchanged();
    WarmUp.run(runner, cache, settings.stepTokensMax());
    var loop =
        new EngineLoop(settings, tokenizer, runner, cache, kernels, pool, blocks, context, probe);
    return new LocalEngine(
        profile(
            file,
            config,
            settings,
            sha256,
            boundedContext,
            tokenizer.vocabularySize(),
            fill.isPresent()),
        prompts,
        fill,
        loop,
        pool,
        arena,
        kernels.name(),
        cache.blocks(),
        new Constraints(tokenizer, prompts.toolCallFormat()),
        new ReadableTokens(tokenizer));
  }

  private static LlamaConfig config(GgufFile file, EngineSettings settings) {
    LlamaConfig config = LlamaConfig.from(file.metadata());
    Integer window = settings.slidingWindow();
    return window == null ? config : config.withSlidingWindow(window);
  }

  private static int contextTokens(LlamaConfig config, EngineSettings settings) {
    int max = settings.contextTokensMax();
    return max > 0 ? Math.min(max, config.contextTokens()) : config.contextTokens();
  }

  private static ModelProfile profile(
      GgufFile file,
      LlamaConfig config,
      EngineSettings settings,
      String digest,
      int context,
      int vocabulary,
      boolean fillsInMiddle) {
    long parameters = 0;
    Map<GgmlType, Long> types = new EnumMap<>(GgmlType.class);
    for (GgufTensor tensor : file.tensors()) {
      long elements = (long) tensor.columns() * tensor.rows();
      parameters += elements;
      types.merge(tensor.type(), elements, Long::sum);
    }
    String most =
        types.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .orElseThrow(() -> new GgufException("header.n_tensors", "no tensors"))
            .getKey()
            .name();
    return new ModelProfile(
        file.metadata().findString("general.name").orElse(settings.weights().toString()),
        file.metadata().string("general.architecture"),
        most,
        parameters,
        LlamaLoader.activeParameters(file, config),
        digest,
        settings.weights(),
        context,
        vocabulary,
        fillsInMiddle);
  }

  @Override
  public ModelProfile profile() {
    return profile;
  }

  @Override
  public int[] prompt(PromptRequest request) {
    return prompts.encode(request);
  }

  @Override
  public int[] fillInMiddle(String before, String behind) {
    return fillInMiddle
        .orElseThrow(() -> new IllegalStateException("the vocabulary has no tokens for it"))
        .encode(before, behind);
  }

  @Override
  public Optional<String> readable(int[] tokens) {
    return Optional.of(readable.text(tokens));
  }

  @Override
  public ToolCallFormat toolCallFormat() {
    return prompts.toolCallFormat();
  }

  @Override
  public Constraint constrain(OutputFormat format, CacheNamespace owner) {
    return constraints.of(format, owner);
  }

  @Override
  public @Nullable Constraint remembered(OutputFormat format, CacheNamespace owner) {
    return constraints.find(format, owner);
  }

  @Override
  public Submission submit(GenerationRequest request) {
    Constraint constraint = request.constraint();
    if (constraint != null && !constraint.isOf(constraints)) {
      throw new IllegalArgumentException("the constraint is another engine's");
    }
    return loop.submit(request);
  }

  @Override
  public Optional<Submission> refusal(ServiceTerms terms) {
    return loop.refusal(terms);
  }

  @Override
  public EngineStatistics statistics() {
    EngineLoop.Counters counters = loop.counters();
    return new EngineStatistics(
        kernels,
        pool.threads(),
        counters.running(),
        counters.waiting(),
        counters.promptTokens(),
        counters.generatedTokens(),
        counters.cachedTokens(),
        counters.steps(),
        counters.preemptions(),
        counters.blocksUsed(),
        counters.blocksCached(),
        kvBlocks,
        loop.keys());
  }

  @Override
  public void close() {
    loop.close();
    constraints.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    pool.close();
    arena.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
