package io.galerne.remote;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a backend understands beyond OpenAI's chat completions. */
public enum Dialect {
  /** Nothing. */
  @JsonProperty("openai")
  OPENAI,
  /**
   * vLLM: usage with each piece, more ways to sample, going on with a prefix, regular expressions.
   */
  @JsonProperty("vllm")
  VLLM,
  /** llama.cpp's own server and llama-cpp-python's. */
  @JsonProperty("llama_cpp")
  LLAMA_CPP,
  /** Galerne, or Mistral's platform: going on with a prefix. */
  @JsonProperty("mistral")
  MISTRAL;

  boolean tellsUsageOfPieces() {
    return this == VLLM;
  }

  boolean goesOnWithPrefix() {
    return this == VLLM || this == MISTRAL;
  }

  boolean samplesMore() {
    return this == VLLM || this == LLAMA_CPP;
  }

  boolean knowsPatterns() {
    return this == VLLM;
  }

  /** Whether a seed is called {@code random_seed}. */
  boolean seedIsRandomSeed() {
    return this == MISTRAL;
  }
}
