package io.galerne.bench;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.grammar.Grammar;
import io.galerne.engine.grammar.GrammarState;
import io.galerne.engine.grammar.TokenMasks;
import io.galerne.engine.grammar.TokenVocabulary;
import io.galerne.engine.grammar.Whitespace;
import io.galerne.engine.grammar.bounds.GrammarLimits;
import io.galerne.engine.tokenizer.Tokenizer;
import io.galerne.engine.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** How long a mask takes, along documents that chance writes; nothing is remembered at first. */
final class MaskTimes {
  private static final int DOCUMENTS = 32;
  private static final int TOKENS = 128;
  private static final int ROUNDS = 5;

  private MaskTimes() {}

  static String of(Path weights, List<String> schemas) {
    TokenVocabulary vocabulary = vocabulary(weights);
    List<Long> nanos = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      // The first rounds are for the compiler.
      nanos.clear();
      var masks = new TokenMasks(vocabulary, 64 << 20);
      for (int i = 0; i < DOCUMENTS; i++) {
        Grammar grammar =
            Grammar.jsonSchema(
                schemas.get(i % schemas.size()), Whitespace.BOUNDED, GrammarLimits.DEFAULT);
        walk(grammar, masks, new Random(i), nanos);
      }
    }
    Collections.sort(nanos);
    return "masks: p50 %.1f µs, p99 %.1f µs, of %d%n"
        .formatted(
            nanos.get(nanos.size() / 2) / 1e3,
            nanos.get(nanos.size() * 99 / 100) / 1e3,
            nanos.size());
  }

  private static void walk(Grammar grammar, TokenMasks masks, Random random, List<Long> nanos) {
    long[] allowed = new long[masks.vocabulary().maskLength()];
    GrammarState state = grammar.start();
    for (int i = 0; i < TOKENS && !state.isFinished(); i++) {
      long begin = System.nanoTime();
      masks.propose(state, allowed);
      nanos.add(System.nanoTime() - begin);
      int[] tokens = BitSet.valueOf(allowed).stream().toArray();
      state = masks.advance(state, tokens[random.nextInt(tokens.length)]);
    }
  }

  private static TokenVocabulary vocabulary(Path weights) {
    try (GgufFile file = GgufFile.open(weights)) {
      Tokenizer tokenizer = Tokenizers.fromGguf(file.metadata());
      List<byte[]> bytes =
          IntStream.range(0, tokenizer.vocabularySize()).mapToObj(tokenizer::bytes).toList();
      BitSet endings = new BitSet();
      IntStream.range(0, bytes.size()).filter(tokenizer::isEndOfGeneration).forEach(endings::set);
      return TokenVocabulary.of(bytes, endings);
    }
  }
}
