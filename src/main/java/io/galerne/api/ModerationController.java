package io.galerne.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.identity.Caller;
import io.galerne.identity.RequestIds;
import io.galerne.moderation.Classifier;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/moderations} and its relatives: scores by the caller's own detectors. */
@RestController
@Tag(name = "Moderations")
class ModerationController {
  private static final int RETRY_AFTER_SECONDS = 5;

  private final RequestBodies bodies;
  private final ModerationRequestReader reader;
  private final Classifier classifier;

  ModerationController(
      RequestBodies bodies, ModerationRequestReader reader, Classifier classifier) {
    this.bodies = bodies;
    this.reader = reader;
    this.classifier = classifier;
  }

  /** The contract's answer. */
  record Moderation(String id, String model, List<Result> results, Usage usage) {}

  /** One text's. */
  record Result(
      Map<String, Boolean> categories,
      @JsonProperty("category_scores") Map<String, Double> categoryScores) {}

  /** Nothing is billed by tokens here. */
  record Usage(
      @JsonProperty("prompt_tokens") int promptTokens,
      @JsonProperty("completion_tokens") int completionTokens,
      @JsonProperty("total_tokens") int totalTokens) {}

  /** The contract's answer in the words of classification. */
  record Classification(String id, String model, List<Map<String, Scores>> results) {}

  /** By label. */
  record Scores(Map<String, Double> scores) {}

  @Operation(operationId = "moderate", summary = "Scores texts by category")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(ref = ModerationRequestShape.TEXTS),
              examples =
                  @ExampleObject(
                      """
                      {"model": "mistral-moderation-latest", "input": ["Write to jane@example.com."]}
                      """)))
  @ApiResponse(responseCode = "200", description = "One result for each text")
  @PostMapping("/v1/moderations")
  ResponseEntity<Moderation> moderate(
      HttpServletRequest request, @AuthenticationPrincipal Caller caller) {
    return moderation(reader.texts(bodies.read(request)), request, caller);
  }

  @Operation(operationId = "moderateChat", summary = "Scores conversations by category")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(ref = ModerationRequestShape.CONVERSATIONS),
              examples =
                  @ExampleObject(
                      """
                      {"model": "mistral-moderation-latest", "input": [{"role": "user", "content": "Hello"}]}
                      """)))
  @ApiResponse(responseCode = "200", description = "One result for each conversation")
  @PostMapping("/v1/chat/moderations")
  ResponseEntity<Moderation> moderateChat(
      HttpServletRequest request, @AuthenticationPrincipal Caller caller) {
    return moderation(reader.conversations(bodies.read(request)), request, caller);
  }

  @Operation(operationId = "classify", summary = "Scores texts by category, by another shape")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(ref = ModerationRequestShape.TEXTS),
              examples =
                  @ExampleObject(
                      """
                      {"model": "mistral-moderation-latest", "input": ["Write to jane@example.com."]}
                      """)))
  @ApiResponse(responseCode = "200", description = "One result for each text")
  @PostMapping("/v1/classifications")
  ResponseEntity<Classification> classify(
      HttpServletRequest request, @AuthenticationPrincipal Caller caller) {
    ModerationRequestReader.Texts asked = reader.texts(bodies.read(request));
    List<Map<String, Scores>> results = new ArrayList<>();
    for (String text : asked.texts()) {
      results.add(Map.of("moderation", new Scores(result(text, asked, caller).categoryScores())));
    }
    return json(new Classification(RequestIds.of(request), asked.model(), results));
  }

  private ResponseEntity<Moderation> moderation(
      ModerationRequestReader.Texts asked, HttpServletRequest request, Caller caller) {
    List<Result> results = asked.texts().stream().map(text -> result(text, asked, caller)).toList();
    return json(new Moderation(RequestIds.of(request), asked.model(), results, new Usage(0, 0, 0)));
  }

  private Result result(String text, ModerationRequestReader.Texts asked, Caller caller) {
    Map<String, Boolean> categories = new LinkedHashMap<>();
    Map<String, Double> scores = new LinkedHashMap<>();
    try {
      classifier
          .classify(text, caller, asked.model())
          .forEach(
              (category, score) -> {
                categories.put(category, score.violated());
                scores.put(category, score.score());
              });
    } catch (Classifier.Unavailable e) {
      throw ApiException.unavailable(
          new ErrorEnvelope("A detector is not available: " + e.getMessage(), "unavailable"),
          RETRY_AFTER_SECONDS);
    }
    return new Result(categories, scores);
  }

  private static <T> ResponseEntity<T> json(T body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
