package io.galerne.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one answer: what asked, what answered, under which rules, and digests of what
 * was said. Together with the content it is enough to compute the answer again.
 *
 * @param policyVersion the output policy in force, if there was one
 * @param seed of the random numbers
 * @param promptDigest see {@link #digest}
 * @param constrained whether a format or tools kept the answer within a grammar
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnswerRecord(
    @JsonProperty("request_id") UUID requestId,
    @JsonProperty("workspace_id") UUID workspaceId,
    @JsonProperty("api_key_id") UUID apiKeyId,
    @JsonProperty("service") String service,
    @JsonProperty("model") String model,
    @JsonProperty("weights_digest") String weightsDigest,
    @JsonProperty("policy_version") @Nullable String policyVersion,
    @JsonProperty("seed") long seed,
    @JsonProperty("temperature") float temperature,
    @JsonProperty("top_p") float topP,
    @JsonProperty("max_tokens") int maxTokens,
    @JsonProperty("stop") List<String> stop,
    @JsonProperty("constrained") boolean constrained,
    @JsonProperty("outcome") String outcome,
    @JsonProperty("prompt_tokens") int promptTokens,
    @JsonProperty("completion_tokens") int completionTokens,
    @JsonProperty("prompt_digest") String promptDigest,
    @JsonProperty("answer_digest") String answerDigest) {
  public AnswerRecord {
    stop = List.copyOf(stop);
  }

  /**
   * SHA-256 of the request's id, a line feed and the text: who has the text can show that it is
   * this one, and two requests with one text have two digests.
   */
  public static String digest(UUID requestId, String text) {
    return ChainLink.hex(
        ChainLink.sha256((requestId + "\n" + text).getBytes(StandardCharsets.UTF_8)));
  }
}
