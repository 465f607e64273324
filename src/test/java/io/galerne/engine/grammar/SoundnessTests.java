package io.galerne.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.grammar.bounds.GrammarException;
import io.galerne.engine.grammar.bounds.GrammarLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Schemas by chance, and documents written under them by chance: no token that is allowed leads to
 * a dead end, no spelling of a document is refused, and what is finished is valid by another's
 * judgement.
 */
class SoundnessTests {
  private static final int SCHEMAS = Integer.getInteger("grammar.schemas", 150);

  private final TokenMasks tokens = BundledVocabulary.masks();
  private final List<List<Integer>> byFirstByte = byFirstByte(tokens.vocabulary());

  @Test
  void finishedDocumentsAreValidHoweverTheyAreSpelled() {
    int compiled = 0;
    int documents = 0;
    for (long seed = 0; seed < SCHEMAS; seed++) {
      String schema = new RandomSchemas(seed).next();
      Optional<Grammar> grammar = compile(schema);
      if (grammar.isPresent()) {
        compiled++;
        for (int i = 0; i < 4; i++) {
          documents++;
          check(schema, grammar.get(), tokens::fill, seed * 31 + i);
        }
      }
    }
    System.out.println(
        documents + " documents of " + compiled + " schemas of " + SCHEMAS + " are valid");
    assertThat(compiled).isGreaterThan(SCHEMAS / 2);
  }

  @Test
  void whatIsProposedIsAllowedAndLeadsToValidDocuments() {
    BitSet proposed = new BitSet();
    for (long seed = 0; seed < SCHEMAS; seed++) {
      String schema = new RandomSchemas(seed).next();
      Optional<Grammar> grammar = compile(schema);
      if (grammar.isPresent()) {
        Walker.Masks masks =
            (state, mask) -> {
              tokens.fill(state, mask);
              BitSet allowed = BitSet.valueOf(mask);
              tokens.propose(state, mask);
              proposed.clear();
              proposed.or(BitSet.valueOf(mask));
              assertThat(proposed.isEmpty()).as("seed").isEqualTo(allowed.isEmpty());
              proposed.andNot(allowed);
              assertThat(proposed.isEmpty()).isTrue();
            };
        byte[] document =
            new Walker(tokens, masks, seed, true)
                .document(grammar.get(), new Random(seed).nextInt(30));
        assertThat(Validator.errors(schema, new String(document, StandardCharsets.UTF_8)))
            .as("seed %d, schema %s", seed, schema)
            .isEmpty();
      }
    }
  }

  @Test
  void aMaskThatAllowsTooMuchIsFound() {
    Random random = new Random(1);
    assertThat(
            defects(
                (state, allowed) -> {
                  tokens.fill(state, allowed);
                  IntStream.range(0, 64).forEach(_ -> allowed[random.nextInt(allowed.length)] = -1);
                }))
        .isPositive();
  }

  @Test
  void aMaskThatAllowsTooLittleIsFound() {
    Random random = new Random(1);
    assertThat(
            defects(
                (state, allowed) -> {
                  tokens.fill(state, allowed);
                  IntStream.range(0, 64).forEach(_ -> allowed[random.nextInt(allowed.length)] = 0);
                }))
        .isPositive();
  }

  private int defects(Walker.Masks broken) {
    int defects = 0;
    for (long seed = 0; seed < 20; seed++) {
      String schema = new RandomSchemas(seed).next();
      Optional<Grammar> grammar = compile(schema);
      if (grammar.isPresent()) {
        try {
          check(schema, grammar.get(), broken, seed);
        } catch (AssertionError e) {
          defects++;
        }
      }
    }
    return defects;
  }

  private void check(String schema, Grammar grammar, Walker.Masks masks, long seed) {
    try {
      Walker walker = new Walker(tokens, masks, seed);
      byte[] document = walker.document(grammar, new Random(seed).nextInt(30));
      walker.retokenize(grammar, document, byFirstByte);
      assertThat(Validator.errors(schema, WholeNumbers.plain(document)))
          .as(
              "seed %d, schema %s, document %s",
              seed, schema, new String(document, StandardCharsets.UTF_8))
          .isEmpty();
    } catch (Walker.Defect e) {
      throw new AssertionError("seed " + seed + ", schema " + schema + ": " + e.getMessage(), e);
    }
  }

  private static Optional<Grammar> compile(String schema) {
    try {
      return Optional.of(Grammar.jsonSchema(schema, Whitespace.BOUNDED, GrammarLimits.DEFAULT));
    } catch (GrammarException e) {
      return Optional.empty();
    }
  }

  private static List<List<Integer>> byFirstByte(TokenVocabulary vocabulary) {
    List<List<Integer>> tokens = new ArrayList<>();
    IntStream.range(0, 256).forEach(_ -> tokens.add(new ArrayList<>()));
    for (int token = 0; token < vocabulary.size(); token++) {
      if (vocabulary.bytes(token).length > 0) {
        tokens.get(vocabulary.bytes(token)[0] & 0xFF).add(token);
      }
    }
    return tokens;
  }
}
