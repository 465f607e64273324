package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.engine.TokenLogprobs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the model thought of an answer's tokens. */
record ChoiceLogprobs(List<Token> content) {

  /**
   * A token of the answer.
   *
   * @param token its text; where it is a part of a character, only {@code bytes} say which
   * @param logprob the natural logarithm of its probability
   * @param top the likeliest tokens in its place
   */
  record Token(
      String token,
      double logprob,
      List<Integer> bytes,
      @JsonProperty("token_id") int tokenId,
      @JsonProperty("top_logprobs") List<Candidate> top) {}

  /** A token that might have been. */
  record Candidate(
      String token, double logprob, List<Integer> bytes, @JsonProperty("token_id") int tokenId) {}

  static ChoiceLogprobs of(List<TokenLogprobs> tokens) {
    return new ChoiceLogprobs(tokens.stream().map(ChoiceLogprobs::token).toList());
  }

  /** Null where there is nothing to tell. */
  static @Nullable ChoiceLogprobs ofAny(List<TokenLogprobs> tokens) {
    return tokens.isEmpty() ? null : of(tokens);
  }

  private static Token token(TokenLogprobs token) {
    Candidate drawn = candidate(token.drawn());
    return new Token(
        drawn.token(),
        drawn.logprob(),
        drawn.bytes(),
        drawn.tokenId(),
        token.top().stream().map(ChoiceLogprobs::candidate).toList());
  }

  private static Candidate candidate(TokenLogprobs.Candidate candidate) {
    byte[] bytes = candidate.bytes();
    return new Candidate(
        new String(bytes, StandardCharsets.UTF_8),
        candidate.logprob(),
        IntStream.range(0, bytes.length).mapToObj(i -> Byte.toUnsignedInt(bytes[i])).toList(),
        candidate.token());
  }
}
