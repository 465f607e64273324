package io.galerne.engine.tokenizer;

import io.galerne.engine.gguf.GgufException;
import io.galerne.engine.gguf.GgufMetadata;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens of a file with their texts and kinds.
 *
 * @param texts by id, in the byte alphabet for normal tokens and as they are for all others
 * @param ids of all texts but the empty one
 * @param endOfGeneration the tokens that end an answer
 */
record Vocabulary(
    List<String> texts,
    TokenKind[] kinds,
    Map<String, Integer> ids,
    BitSet endOfGeneration,
    OptionalInt beginOfSequence,
    OptionalInt endOfSequence,
    OptionalInt unknown,
    boolean addsBeginOfSequence) {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final String TOKENS = PREFIX + "tokens";
  private static final String TOKEN_TYPE = PREFIX + "token_type";
  private static final int MOST_TOKENS = 1 << 20;
  private static final int LONGEST_TOKEN = 1 << 12;

  /** Tokens matched as a whole cost memory by the character, and time at each place of a text. */
  private static final int LONGEST_WHOLE_TOKEN = 256;

  private static final int MOST_WHOLE_CHARACTERS = 1 << 18;

  /** Texts that models end their answers with, whatever the file's eos token is. */
  private static final Set<String> ENDINGS =
      Set.of(
          "<|im_end|>",
          "<|eot_id|>",
          "<|eom_id|>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "</s>",
          "<end_of_turn>",
          "<|end|>",
          "<EOT>",
          "[EOT]",
          "[EOS]",
          "<eos>",
          "<end_of_utterance>",
          "<\uff5cend\u2581of\u2581sentence\uff5c>");

  static Vocabulary read(GgufMetadata metadata, boolean addsBeginOfSequenceByDefault) {
    int count = metadata.length(TOKENS);
    if (count < 1 || count > MOST_TOKENS) {
      throw new GgufException(TOKENS, count + " tokens are not from 1 to " + MOST_TOKENS);
    }
    List<String> texts = List.copyOf(metadata.strings(TOKENS));
    TokenKind[] kinds = readKinds(metadata, count);
    checkWholeTokens(texts, kinds);
    OptionalInt begin = readId(metadata, "bos_token_id", count);
    OptionalInt end = readId(metadata, "eos_token_id", count);
    boolean addsBegin =
        metadata.bool(PREFIX + "add_bos_token", addsBeginOfSequenceByDefault && begin.isPresent());
    if (addsBegin && begin.isEmpty()) {
      throw new GgufException(
          PREFIX + "bos_token_id", "is missing although the file asks for the token");
    }
    BitSet endings = new BitSet(count);
    end.ifPresent(endings::set);
    readId(metadata, "eot_token_id", count).ifPresent(endings::set);
    readId(metadata, "eom_token_id", count).ifPresent(endings::set);
    // what models write where a text between two others ends
    readId(metadata, "fim_pad_token_id", count).ifPresent(endings::set);
    readId(metadata, "fim_rep_token_id", count).ifPresent(endings::set);
    readId(metadata, "fim_sep_token_id", count).ifPresent(endings::set);
    for (int id = 0; id < count; id++) {
      if (kinds[id] == TokenKind.CONTROL && ENDINGS.contains(texts.get(id))) {
        endings.set(id);
      }
    }
    return new Vocabulary(
        texts,
        kinds,
        index(texts),
        endings,
        begin,
        end,
        readId(metadata, "unknown_token_id", count),
        addsBegin);
  }

  int size() {
    return texts.size();
  }

  /** The id of a text, or -1. */
  int id(String text) {
    return ids.getOrDefault(text, -1);
  }

  private static Map<String, Integer> index(List<String> texts) {
    Map<String, Integer> ids = HashMap.newHashMap(texts.size());
    for (int id = 0; id < texts.size(); id++) {
      String text = texts.get(id);
      if (text.length() > LONGEST_TOKEN) {
        throw new GgufException(
            TOKENS + "[" + id + "]", "is longer than " + LONGEST_TOKEN + " characters");
      }
      Integer other = text.isEmpty() ? null : ids.putIfAbsent(text, id);
      if (other != null) {
        throw new GgufException(TOKENS + "[" + id + "]", "has the text of token " + other);
      }
    }
    return ids;
  }

  private static void checkWholeTokens(List<String> texts, TokenKind[] kinds) {
    int characters = 0;
    for (int id = 0; id < kinds.length; id++) {
      int length = kinds[id].isMatchedWhole() ? texts.get(id).length() : 0;
      characters += length;
      if (length > LONGEST_WHOLE_TOKEN || characters > MOST_WHOLE_CHARACTERS) {
        throw new GgufException(
            TOKENS + "[" + id + "]",
            "control tokens are of at most %d characters, %d for all together"
                .formatted(LONGEST_WHOLE_TOKEN, MOST_WHOLE_CHARACTERS));
      }
    }
  }

  private static TokenKind[] readKinds(GgufMetadata metadata, int count) {
    TokenKind[] kinds = new TokenKind[count];
    if (!metadata.contains(TOKEN_TYPE)) {
      Arrays.fill(kinds, TokenKind.NORMAL);
      return kinds;
    }
    if (metadata.length(TOKEN_TYPE) != count) {
      throw new GgufException(
          TOKEN_TYPE, metadata.length(TOKEN_TYPE) + " types for " + count + " tokens");
    }
    int[] types = metadata.integers(TOKEN_TYPE);
    for (int id = 0; id < count; id++) {
      int type = types[id];
      String field = TOKEN_TYPE + "[" + id + "]";
      kinds[id] =
          TokenKind.ofId(type)
              .orElseThrow(() -> new GgufException(field, type + " is not from 1 to 6"));
    }
    return kinds;
  }

  private static OptionalInt readId(GgufMetadata metadata, String name, int count) {
    String key = PREFIX + name;
    if (!metadata.contains(key)) {
      return OptionalInt.empty();
    }
    int id = metadata.integer(key);
    if (id < 0 || id >= count) {
      throw new GgufException(key, id + " is not a token of the vocabulary of " + count);
    }
    return OptionalInt.of(id);
  }
}
