package io.galerne.serving;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.galerne.audit.AnswerRecord;
import io.galerne.engine.Constraint;
import io.galerne.engine.Engine;
import io.galerne.engine.OutputFormat;
import io.galerne.engine.ToolChoice;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that decides an answer beside the weights and the prompt, in a form that is kept: with it the
 * answer can be computed again.
 *
 * @param seed of the first answer's random numbers
 * @param maxTokens 0 where nothing was to be generated
 */
public record RecordedRequest(
    float temperature,
    float topP,
    long seed,
    int maxTokens,
    List<String> stop,
    Adjustments adjustments,
    int choices,
    OutputFormat format,
    @Nullable String prefix) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addMixIn(OutputFormat.class, FormatNames.class)
          .addMixIn(ToolChoice.class, ChoiceNames.class)
          .build();

  public RecordedRequest {
    stop = List.copyOf(stop);
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = OutputFormat.FreeText.class, name = "text"),
    @JsonSubTypes.Type(value = OutputFormat.JsonObject.class, name = "json_object"),
    @JsonSubTypes.Type(value = OutputFormat.JsonSchema.class, name = "json_schema"),
    @JsonSubTypes.Type(value = OutputFormat.Regex.class, name = "regex"),
    @JsonSubTypes.Type(value = OutputFormat.Choice.class, name = "choice"),
    @JsonSubTypes.Type(value = OutputFormat.ToolCalls.class, name = "tool_calls")
  })
  private interface FormatNames {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ToolChoice.Auto.class, name = "auto"),
    @JsonSubTypes.Type(value = ToolChoice.Any.class, name = "any"),
    @JsonSubTypes.Type(value = ToolChoice.Named.class, name = "named")
  })
  private interface ChoiceNames {}

  static RecordedRequest of(
      CompletionRequest request, double defaultTemperature, int tokensMax, long seed) {
    Double temperature = request.temperature();
    return new RecordedRequest(
        (float) (temperature == null ? defaultTemperature : temperature),
        Math.max(Float.MIN_VALUE, (float) request.topP()), // the smallest doubles are no floats > 0
        seed,
        tokensMax,
        request.stop(),
        request.adjustments(),
        request.choices(),
        request.format(),
        request.prefix());
  }

  /** What one of the answers draws from and when it stops. */
  public SamplingParams sampling(int choice, int topLogprobs) {
    return new SamplingParams(
        temperature, topP, Seeds.of(seed, choice), maxTokens, stop, adjustments, topLogprobs);
  }

  /** What an answer is held to, behind the text that it goes on with; null for anything. */
  public @Nullable Constraint constraint(Engine engine) {
    if (format instanceof OutputFormat.FreeText) {
      return null;
    }
    Constraint whole = engine.constrain(format);
    return prefix == null ? whole : whole.after(prefix).orElse(whole);
  }

  /** What of it is no text of the client's. */
  AnswerRecord.Parameters parameters() {
    String name =
        switch (format) {
          case OutputFormat.FreeText() -> null;
          case OutputFormat.JsonObject() -> "json_object";
          case OutputFormat.JsonSchema _ -> "json_schema";
          case OutputFormat.Regex _ -> "regex";
          case OutputFormat.Choice _ -> "choice";
          case OutputFormat.ToolCalls _ -> "tool_calls";
        };
    return new AnswerRecord.Parameters(seed, temperature, topP, maxTokens, choices, name);
  }

  public String toJson() {
    return JSON.writeValueAsString(this);
  }

  /** What {@link #toJson} made. */
  public static RecordedRequest fromJson(String json) {
    return JSON.readValue(json, RecordedRequest.class);
  }

  @Override
  public String toString() {
    return "RecordedRequest[not shown]";
  }
}
