package io.galerne.engine.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The pre-tokenizers by the names that {@code tokenizer.ggml.pre} gives them. Not among them are
 * those that group digits from the right or need code of their own (superbpe, tiny_aya, cohere2moe,
 * afmoe, kimi-k2), and those of other tokenizers than byte-level BPE.
 */
final class PreTokenizers {
  private static final Map<String, PreTokenizer> BY_NAME = table();

  private PreTokenizers() {}

  static Optional<PreTokenizer> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  static SortedSet<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  private static Map<String, PreTokenizer> table() {
    Map<String, PreTokenizer> table = new TreeMap<>();
    addGpt2(table);
    addLlama3(table);
    addQwen2(table);
    addCased(table);
    addDeepSeek(table);
    put(
        table,
        PreTokenizer.of(
            false,
            false,
            WordPatterns.FALCON_PUNCTUATION,
            WordPatterns.GPT_2,
            WordPatterns.THREE_DIGITS),
        "falcon");
    put(
        table,
        PreTokenizer.of(
            false,
            false,
            WordPatterns.DEFAULT_PUNCTUATION,
            WordPatterns.GPT_2,
            WordPatterns.DIGITS,
            WordPatterns.THREE_DIGITS),
        "default");
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.PORO),
        "poro-chat",
        "bloom",
        "gpt3-finnish");
    put(table, PreTokenizer.of(false, false, WordPatterns.PORO, WordPatterns.DIGIT), "viking");
    return Map.copyOf(table);
  }

  private static void addGpt2(Map<String, PreTokenizer> table) {
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.GPT_2),
        "gpt-2",
        "phi-2",
        "mpt",
        "olmo",
        "jais",
        "trillion",
        "granite-docling",
        "gigachat",
        "a.x-4.0",
        "mellum",
        "modern-bert",
        "exaone4",
        "roberta-bpe",
        "jina-es",
        "jina-de",
        "jina-v1-en",
        "jina-v2-es",
        "jina-v2-de",
        "jina-v2-code");
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.DIGIT, WordPatterns.GPT_2),
        "smollm",
        "starcoder",
        "refact",
        "command-r",
        "codeshell",
        "exaone",
        "minerva-7b",
        "mellum2");
  }

  private static void addLlama3(Map<String, PreTokenizer> table) {
    put(
        table,
        PreTokenizer.of(true, true, WordPatterns.LLAMA_3),
        "llama-bpe",
        "llama3",
        "llama-v3",
        "falcon3",
        "falcon-h1",
        "pixtral",
        "midm-2.0",
        "lfm2",
        "jina-v5-nano");
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.LLAMA_3),
        "dbrx",
        "smaug-bpe",
        "chatglm-bpe");
    put(table, PreTokenizer.of(true, false, WordPatterns.LLAMA_3), "glm4", "glm5");
    put(table, PreTokenizer.of(false, false, WordPatterns.JAIS_2), "jais-2");
    put(
        table,
        PreTokenizer.of(true, false, WordPatterns.UP_TO_THREE_DIGITS, WordPatterns.MINICPM_5),
        "minicpm5");
  }

  private static void addQwen2(Map<String, PreTokenizer> table) {
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.QWEN_2),
        "qwen2",
        "deepseek-r1-qwen",
        "kormo",
        "f2llmv2",
        "megrez",
        "stablelm2",
        "hunyuan",
        "solar-open",
        "grok-2");
    put(table, PreTokenizer.of(false, false, WordPatterns.QWEN_35), "qwen35");
    put(table, PreTokenizer.of(false, false, WordPatterns.UFAKZEKA), "ufakzeka");
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.LINES_AND_BREAKS, WordPatterns.QWEN_2),
        "laguna");
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.BAILING),
        "bailingmoe",
        "bailingmoe2",
        "llada-moe");
    put(table, PreTokenizer.of(false, false, WordPatterns.SEED_CODER), "seed-coder");
  }

  private static void addCased(Map<String, PreTokenizer> table) {
    put(table, PreTokenizer.of(true, true, WordPatterns.TEKKEN), "tekken");
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.GPT_4O),
        "gpt-4o",
        "llama4",
        "kanana2",
        "talkie",
        "minimax-m2");
    put(
        table,
        PreTokenizer.of(true, false, WordPatterns.YOUTU_SCRIPTS, WordPatterns.YOUTU),
        "youtu");
  }

  private static void addDeepSeek(Map<String, PreTokenizer> table) {
    put(table, PreTokenizer.of(false, false, WordPatterns.DEEPSEEK_LLM), "deepseek-llm");
    put(table, PreTokenizer.of(false, false, WordPatterns.DEEPSEEK_CODER), "deepseek-coder");
    put(
        table,
        PreTokenizer.of(false, false, WordPatterns.DEEPSEEK_3),
        "deepseek-v3",
        "hunyuan-dense",
        "joyai-llm",
        "hy_v4");
    put(table, PreTokenizer.of(false, false, WordPatterns.SPARK_2_5), "spark2_5");
  }

  private static void put(
      Map<String, PreTokenizer> table, PreTokenizer preTokenizer, String... names) {
    for (String name : List.of(names)) {
      table.put(name, preTokenizer);
    }
  }
}
