package io.galerne.bench;

import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.EngineStatistics;
import io.galerne.engine.FinishReason;
import io.galerne.engine.GenerationEvent;
import io.galerne.engine.GenerationRequest;
import io.galerne.engine.ModelProfile;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.Submission;
import io.galerne.engine.scheduler.CacheNamespace;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.ToolCallFormat;
import io.galerne.serving.ScriptedEngine;
import io.galerne.serving.ScriptedGeneration;
import org.jspecify.annotations.Nullable;

/** An engine that has its answer of eight tokens ready, and remembers nothing. */
final class InstantEngine implements Engine {
  private static final int TOKENS = 8;

  private final ScriptedEngine scripted;

  InstantEngine(String digest) {
    scripted = new ScriptedEngine(digest);
  }

  @Override
  public ModelProfile profile() {
    return scripted.profile();
  }

  @Override
  public int[] prompt(PromptRequest request) {
    return new int[16];
  }

  @Override
  public ToolCallFormat toolCallFormat() {
    return scripted.toolCallFormat();
  }

  @Override
  public int[] fillInMiddle(String before, String behind) {
    return new int[16];
  }

  @Override
  public Constraint constrain(OutputFormat format, CacheNamespace owner) {
    return scripted.constrain(format, owner);
  }

  @Override
  public @Nullable Constraint remembered(OutputFormat format, CacheNamespace owner) {
    return null;
  }

  @Override
  public Submission submit(GenerationRequest request) {
    ScriptedGeneration generation = new ScriptedGeneration();
    for (int i = 0; i < TOKENS; i++) {
      generation.emit(new GenerationEvent.Text(" word", 1));
    }
    generation.emit(
        new GenerationEvent.Finished(FinishReason.STOP, request.promptTokens().length, TOKENS));
    return new Submission.Accepted(generation);
  }

  @Override
  public EngineStatistics statistics() {
    return scripted.statistics();
  }

  @Override
  public void close() {}
}
