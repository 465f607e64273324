package io.galerne.remote;

import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.ModelProfile;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.Submission;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.TemplateException;
import io.galerne.engine.template.ToolCallFormat;
import io.galerne.outbound.OutboundHttp;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A model that other machines serve, over OpenAI's chat completions. Budgets, policies and the
 * ledger see it as they see the engine in this JVM; formats of answers are enforced by the backend.
 */
public final class RemoteEngine implements Engine {
  private static final String ARCHITECTURE = "remote";

  private final RemoteSettings settings;
  private final ModelProfile profile;
  private final ChatBody wire;
  private final Replicas replicas;
  private final CrossCheck check;
  private final ScheduledExecutorService probes =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("galerne-remote-probe").daemon().factory());
  private final LongAdder promptTokens = new LongAdder();
  private volatile boolean closed;

  /** The HTTP client stays the caller's. */
  public RemoteEngine(RemoteSettings settings, OutboundHttp http) {
    this.settings = settings;
    this.profile = profile(settings);
    this.wire = new ChatBody(settings.model(), settings.dialect());
    this.replicas = new Replicas(settings, http);
    this.check = new CrossCheck(settings.model(), settings.vocabulary());
    long millis = settings.probeInterval().toMillis();
    var _ = probes.scheduleWithFixedDelay(this::probe, 0, millis, TimeUnit.MILLISECONDS);
  }

  private void probe() {
    replicas.all().forEach(Replica::probe);
  }

  /** What is known of weights that are elsewhere: the digest is that of where and what they are. */
  private static ModelProfile profile(RemoteSettings settings) {
    String identity = settings.dialect() + "\n" + settings.model() + "\n" + settings.replicas();
    return new ModelProfile(
        settings.model(),
        ARCHITECTURE,
        "unknown",
        0,
        0,
        sha256(identity),
        settings.vocabularyFile(),
        settings.contextTokens(),
        settings.vocabulary().size(),
        false);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is known of the machines now, in the order of the configuration. */
  public List<BackendState> backends() {
    return replicas.all().stream().map(Replica::state).toList();
  }

  /** What came of holding the backend's counts of tokens against our own. */
  public UsageChecks usageChecks() {
    return check.tally();
  }

  /** Whether at least one replica answered when it was last asked. */
  public boolean reachable() {
    return replicas.all().stream().anyMatch(Replica::up);
  }

  @Override
  public ModelProfile profile() {
    return profile;
  }

  @Override
  public int[] prompt(PromptRequest request) {
    if (ChatBody.goesOn(request) && !settings.dialect().goesOnWithPrefix()) {
      throw new TemplateException("The model's backend can't go on with a prefix.");
    }
    return settings.vocabulary().prompt(request);
  }

  @Override
  public int[] fillInMiddle(String before, String behind) {
    throw new IllegalStateException("a remote model isn't asked for it");
  }

  @Override
  public ToolCallFormat toolCallFormat() {
    return settings.vocabulary().toolCallFormat();
  }

  @Override
  public Constraint constrain(OutputFormat format, CacheNamespace owner) {
    Wish.requireFormat(settings.dialect(), format);
    return Constraint.enforcedElsewhere(format);
  }

  @Override
  public @Nullable Constraint remembered(OutputFormat format, CacheNamespace owner) {
    return null; // nothing is compiled here
  }

  @Override
  public Optional<String> refusedParameter(SamplingParams sampling) {
    return Wish.refused(settings.dialect(), sampling);
  }

  @Override
  public Submission submit(GenerationRequest request) {
    PromptRequest conversation = request.conversation();
    if (conversation == null) {
      throw new IllegalArgumentException("a backend is asked with a conversation");
    }
    if (closed) {
      return new Submission.Closed();
    }
    if (request.terms().expired(System.nanoTime())) {
      return new Submission.DeadlinePassed();
    }
    Constraint constraint = request.constraint();
    OutputFormat format = constraint == null ? new OutputFormat.FreeText() : constraint.format();
    byte[] body = wire.write(conversation, format, request.sampling());
    int expected = request.promptTokens().length + request.sampling().maxTokens();
    return switch (replicas.ask(body, expected)) {
      case Replicas.NoneTakes(Submission reason) -> reason;
      case Replicas.Answering answering -> {
        promptTokens.add(request.promptTokens().length);
        RemoteAnswer.Others others = asked -> replicas.ask(body, expected, asked);
        RemoteAnswer answer =
            new RemoteAnswer(request, settings, answering, others, check, expected);
        Thread.ofVirtual().name("galerne-remote").start(answer);
        yield new Submission.Accepted(answer);
      }
    };
  }

  @Override
  public EngineStatistics statistics() {
    int running = replicas.all().stream().mapToInt(Replica::requests).sum();
    return new EngineStatistics(
        ARCHITECTURE,
        0,
        running,
        0,
        promptTokens.sum(),
        check.chargedTokens(),
        0,
        0,
        0,
        0,
        0,
        0,
        List.of());
  }

  @Override
  public void close() {
    closed = true;
    probes.shutdownNow();
  }
}
