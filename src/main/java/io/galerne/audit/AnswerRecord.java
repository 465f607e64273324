package io.galerne.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of one answer: what asked, what answered, under which rules, and digests of what
 * was said. It holds no text of a client's. Together with the content it is enough to compute the
 * answer again.
 *
 * @param model the name that the client asked for
 * @param policyVersion the policies in force, if there were any
 * @param parameters null where nothing was to be generated, or the process was killed
 * @param digests null where the process was killed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnswerRecord(
    @JsonProperty("request_id") UUID requestId,
    @JsonProperty("workspace_id") UUID workspaceId,
    @JsonProperty("api_key_id") UUID apiKeyId,
    @JsonProperty("service") String service,
    @JsonProperty("service_class") String serviceClass,
    @JsonProperty("stream") boolean stream,
    @JsonProperty("model") String model,
    @JsonProperty("weights_digest") String weightsDigest,
    @JsonProperty("policy_version") @Nullable String policyVersion,
    @JsonProperty("parameters") @Nullable Parameters parameters,
    @JsonProperty("outcome") String outcome,
    @JsonProperty("prompt_tokens") int promptTokens,
    @JsonProperty("completion_tokens") int completionTokens,
    @JsonProperty("digests") @Nullable Digests digests) {
  /**
   * How the answer was drawn.
   *
   * @param seed of the first answer's random numbers
   * @param choices how many answers
   * @param format what they were held to, such as {@code json_schema}; null where to nothing
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Parameters(
      @JsonProperty("seed") long seed,
      @JsonProperty("temperature") float temperature,
      @JsonProperty("top_p") float topP,
      @JsonProperty("max_tokens") int maxTokens,
      @JsonProperty("choices") int choices,
      @JsonProperty("format") @Nullable String format) {}

  /**
   * What was asked and said, each as {@link #digest}.
   *
   * @param request all parameters, as {@link AnswerContent#request}
   * @param prompt the prompt's tokens, as {@link AnswerContent#promptText}
   * @param answers what the client was sent of each answer, as {@link AnswerContent.Said#text}
   * @param generated what the model wrote, where a policy let not all of it out
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Digests(
      @JsonProperty("request") @Nullable String request,
      @JsonProperty("prompt") String prompt,
      @JsonProperty("answers") List<String> answers,
      @JsonProperty("generated") @Nullable List<String> generated) {
    public Digests {
      answers = List.copyOf(answers);
      generated = generated == null ? null : List.copyOf(generated);
    }

    /** The digests of a content. */
    public static Digests of(UUID requestId, AnswerContent content) {
      List<AnswerContent.Said> generated = content.generated();
      return new Digests(
          content.request() == null ? null : digest(requestId, content.request()),
          digest(requestId, content.promptText()),
          digests(requestId, content.answers()),
          generated == null ? null : digests(requestId, generated));
    }

    private static List<String> digests(UUID requestId, List<AnswerContent.Said> said) {
      return said.stream().map(each -> digest(requestId, each.asText())).toList();
    }
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
