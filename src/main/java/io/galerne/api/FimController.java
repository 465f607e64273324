package io.galerne.api;

import io.galerne.identity.Caller;
import io.galerne.identity.RequestIds;
import io.galerne.serving.Attendance;
import io.galerne.serving.Completion;
import io.galerne.serving.CompletionService;
import io.galerne.serving.Terms;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/fim/completions}: what belongs between two texts. */
@RestController
@Tag(name = "FIM")
class FimController implements LineEndpoint {
  static final String PATH = "/v1/fim/completions";

  private final RequestBodies bodies;
  private final FimRequestReader reader;
  private final CompletionService completions;
  private final CompletionAnswers answers;

  FimController(
      RequestBodies bodies,
      FimRequestReader reader,
      CompletionService completions,
      CompletionAnswers answers) {
    this.bodies = bodies;
    this.reader = reader;
    this.completions = completions;
    this.answers = answers;
  }

  /** Returns null when the answer was streamed. */
  @Operation(operationId = "createFimCompletion", summary = "Fills in between two texts")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(ref = FimRequestShape.NAME),
              examples =
                  @ExampleObject(
                      """
                      {"model": "codestral-2405", "prompt": "def f(", "suffix": "return a + b"}
                      """)))
  @ApiResponse(
      responseCode = "200",
      description = "The text, or with stream its events, the last of them [DONE]",
      content = {
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = ChatCompletion.class)),
        @Content(mediaType = "text/event-stream", schema = @Schema(ref = SharedResponses.EVENT))
      })
  @ApiResponse(responseCode = "403", ref = "Blocked")
  @ApiResponse(responseCode = "429", ref = "TooManyRequests")
  @ApiResponse(responseCode = "504", ref = "TooSlow")
  @PostMapping(PATH)
  @Nullable ResponseEntity<ChatCompletion> complete(
      HttpServletRequest request,
      HttpServletResponse response,
      @AuthenticationPrincipal Caller caller) {
    FimRequest fim = reader.read(bodies.read(request));
    String requestId = RequestIds.of(request);
    Completion completion =
        CompletionAnswers.admitted(
            RateHeaders.announce(
                completions.admit(fim.toCompletion(), caller, RequestIds.uuid(request)), response));
    Deprecation.announce(completion.card().deprecation(), response);
    AnswerHeading heading = AnswerHeading.of(requestId, fim.model());
    AnswerShape shape = AnswerShape.of("", fim.sampling());
    if (fim.stream()) {
      answers.stream(completion, heading, shape, response, requestId);
      return null;
    }
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            CompletionAnswers.collect(
                completion, heading, shape, ClientConnection.of(request), requestId));
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public ChatCompletion answer(JsonNode body, Caller caller, UUID requestId, Terms terms) {
    FimRequest fim = reader.read(body);
    Completion completion =
        CompletionAnswers.admitted(completions.admit(fim.toCompletion(), caller, requestId, terms));
    String id = RequestIds.of(requestId);
    return CompletionAnswers.collect(
        completion,
        AnswerHeading.of(id, fim.model()),
        AnswerShape.of("", fim.sampling()),
        Attendance.ASSUMED,
        id);
  }
}
