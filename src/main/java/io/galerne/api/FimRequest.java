package io.galerne.api;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.template.ChatMessage;
import io.galerne.serving.CompletionRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request for what belongs between two texts, within the bounds of the contract. */
record FimRequest(
    String model,
    String prompt,
    String suffix,
    @Nullable Double temperature,
    double topP,
    @Nullable Integer maxTokens,
    @Nullable Long seed,
    List<String> stop,
    boolean stream,
    SamplingFields sampling) {
  /** What serving is asked for. */
  CompletionRequest toCompletion() {
    return new CompletionRequest(
        model,
        List.of(new ChatMessage("user", prompt + suffix)),
        new CompletionRequest.Gap(prompt, suffix),
        List.of(),
        new OutputFormat.FreeText(),
        temperature,
        topP,
        maxTokens,
        seed,
        stop,
        sampling.choices(),
        sampling.adjustments(),
        sampling.topLogprobs());
  }
}
