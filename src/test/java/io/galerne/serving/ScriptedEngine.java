package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.ModelProfile;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.ScriptedConstraints;
import io.galerne.engine.Submission;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.scheduler.ServiceTerms;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.TemplateException;
import io.galerne.engine.template.ToolCallFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose answers, failures and silences a test decides. A prompt has one token for each
 * word, and the template refuses conversations that contain the word {@code refuse-me}.
 */
public final class ScriptedEngine implements Engine {
  public static final int CONTEXT_TOKENS = 64;
  public static final String DIGEST = "ab".repeat(32);

  private final String digest;
  private final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();
  private final List<PromptRequest> prompts = new CopyOnWriteArrayList<>();
  private volatile Function<GenerationRequest, Submission> script = ScriptedEngine::greeting;
  private volatile Function<OutputFormat, Constraint> compiler = ScriptedConstraints::of;
  private volatile @Nullable Submission refusal;

  public ScriptedEngine() {
    this(DIGEST);
  }

  /** One that stands in for weights of this digest. */
  public ScriptedEngine(String digest) {
    this.digest = digest;
  }

  /** Answers three words, as far as the bound on tokens lets it. */
  private static Submission greeting(GenerationRequest request) {
    List<String> words = List.of("Bonjour", " tout", " le monde");
    int tokens = Math.min(words.size(), request.sampling().maxTokens());
    ScriptedGeneration generation = new ScriptedGeneration();
    words.subList(0, tokens).forEach(word -> generation.emit(new GenerationEvent.Text(word, 1)));
    generation.emit(
        new GenerationEvent.Finished(
            tokens < words.size() ? FinishReason.LENGTH : FinishReason.STOP,
            request.promptTokens().length,
            tokens));
    return new Submission.Accepted(generation);
  }

  /** Has no place for anybody from now on. */
  public void turnAway(Submission with) {
    refusal = with;
  }

  @Override
  public Optional<Submission> refusal(ServiceTerms terms) {
    return Optional.ofNullable(refusal);
  }

  /** What {@link #submit} does from now on. */
  public void script(Function<GenerationRequest, Submission> newScript) {
    script = newScript;
  }

  /** What {@link #constrain} does from now on. */
  public void compile(Function<OutputFormat, Constraint> newCompiler) {
    compiler = newCompiler;
  }

  /** Answers with these events from now on. */
  public void answer(GenerationEvent... events) {
    script(
        _ -> {
          ScriptedGeneration generation = new ScriptedGeneration();
          List.of(events).forEach(generation::emit);
          return new Submission.Accepted(generation);
        });
  }

  /** Answers with this generation from now on, whatever it holds. */
  public ScriptedGeneration answer(ScriptedGeneration generation) {
    script(_ -> new Submission.Accepted(generation));
    return generation;
  }

  /** Forgets scripts and requests. */
  public void reset() {
    script = ScriptedEngine::greeting;
    refusal = null;
    compiler = ScriptedConstraints::of;
    requests.clear();
    prompts.clear();
  }

  /** Waits until so many requests were submitted since the last reset. */
  public void awaitRequests(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    synchronized (requests) {
      while (requests.size() < count) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        assertThat(left).as("%d requests", count).isPositive();
        requests.wait(left);
      }
    }
  }

  public GenerationRequest lastRequest() {
    return requests.getLast();
  }

  public List<ChatMessage> lastConversation() {
    return lastPrompt().messages();
  }

  public PromptRequest lastPrompt() {
    return prompts.getLast();
  }

  @Override
  public ModelProfile profile() {
    return new ModelProfile(
        "Scripted",
        "llama",
        "Q4_1",
        134_515_008,
        134_515_008,
        digest,
        Path.of("scripted.gguf"),
        CONTEXT_TOKENS,
        100,
        true);
  }

  /** One token for each word, before and behind. */
  @Override
  public int[] fillInMiddle(String before, String behind) {
    return new int[before.split(" ", -1).length + behind.split(" ", -1).length];
  }

  @Override
  public ToolCallFormat toolCallFormat() {
    return ToolCallFormat.HERMES;
  }

  @Override
  public int[] prompt(PromptRequest request) {
    List<ChatMessage> messages = request.messages();
    prompts.add(request);
    int words = 0;
    for (ChatMessage message : messages) {
      if (message.content().contains("refuse-me")) {
        throw new TemplateException("this conversation is refused");
      }
      words += message.content().split(" ", -1).length;
    }
    return new int[words];
  }

  @Override
  public Constraint constrain(OutputFormat format, CacheNamespace owner) {
    return compiler.apply(format);
  }

  @Override
  public @Nullable Constraint remembered(OutputFormat format, CacheNamespace owner) {
    return null;
  }

  @Override
  public Submission submit(GenerationRequest request) {
    synchronized (requests) {
      requests.add(request);
      requests.notifyAll();
    }
    return script.apply(request);
  }

  @Override
  public EngineStatistics statistics() {
    return new EngineStatistics("scripted", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
  }

  @Override
  public void close() {}
}
