package io.galerne.engine.grammar;

import io.galerne.engine.grammar.MaskCache.Sized;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which tokens may come next. Masks are kept by place, so that sequences at equal places share
 * them. Safe for many threads.
 */
public final class TokenMasks {
  private final TokenVocabulary vocabulary;
  private final MaskCache cache;
  private final FreeText freeText;

  /**
   * @param cacheBytes the most that remembered masks may take
   */
  public TokenMasks(TokenVocabulary vocabulary, long cacheBytes) {
    this.vocabulary = vocabulary;
    this.cache = new MaskCache(cacheBytes);
    this.freeText = new FreeText(vocabulary.trie(), vocabulary.maskLength());
  }

  private record Mask(long[] bits) implements Sized {
    @Override
    public long bytes() {
      return 8L * bits.length;
    }
  }

  public TokenVocabulary vocabulary() {
    return vocabulary;
  }

  /** Bytes that remembered masks take. */
  public long cachedBytes() {
    return cache.bytes();
  }

  /**
   * Sets the bits of the tokens that may come next and clears all others. Tokens that end an answer
   * are among them exactly if it is complete.
   *
   * @param allowed {@code [maskLength]}
   */
  public void fill(GrammarState state, long[] allowed) {
    fill(state, false, allowed);
  }

  /**
   * As {@link #fill}, without what is valid but not meant: spellings that programs don't write,
   * like {@code 1.0} for an integer, and properties that a schema neither names nor describes. It
   * is what a model is to choose from, and there is always a token that leads on.
   */
  public void propose(GrammarState state, long[] proposed) {
    fill(state, true, proposed);
  }

  private void fill(GrammarState state, boolean proposed, long[] allowed) {
    if (state.hasEnded()) {
      Arrays.fill(allowed, 0);
      return;
    }
    Cursor cursor = state.cursor();
    Object key = proposed ? new MaskSearch.Proposed(cursor) : cursor;
    long[] mask;
    if (cache.get(key) instanceof Mask(long[] bits)) {
      mask = bits;
    } else {
      mask = new MaskSearch(vocabulary, cache, freeText, state.grammar(), proposed).mask(cursor);
      cache.put(key, new Mask(mask), state.grammar());
    }
    System.arraycopy(mask, 0, allowed, 0, mask.length);
  }

  /**
   * The state after a token.
   *
   * @throws IllegalArgumentException where the token isn't allowed
   */
  public GrammarState advance(GrammarState state, int token) {
    return tryAdvance(state, token)
        .orElseThrow(() -> new IllegalArgumentException("token " + token + " isn't allowed"));
  }

  /** The state after a token, empty where it isn't allowed. */
  public Optional<GrammarState> tryAdvance(GrammarState state, int token) {
    if (vocabulary.isEnding(token)) {
      return state.isComplete() && !state.hasEnded() ? Optional.of(state.end()) : Optional.empty();
    }
    byte[] bytes = vocabulary.bytes(token);
    return bytes.length == 0 ? Optional.empty() : state.advance(bytes);
  }

  /**
   * The tokens of the text that must follow, to be appended without asking the model. Where more
   * text comes after it, the last token is left to the model, because that text may belong to it.
   *
   * @param encode the tokenizer; what it makes of the text is checked
   */
  public int[] forcedTokens(GrammarState state, Function<byte[], int[]> encode) {
    byte[] text = state.forcedText();
    if (text.length == 0) {
      return new int[0];
    }
    int[] tokens = encode.apply(text);
    GrammarState at = state;
    int count = 0;
    for (int token : tokens) {
      Optional<GrammarState> next = tryAdvance(at, token);
      if (next.isEmpty()) {
        break;
      }
      at = next.get();
      count++;
    }
    return Arrays.copyOf(tokens, at.isFinished() ? count : Math.max(0, count - 1));
  }
}
