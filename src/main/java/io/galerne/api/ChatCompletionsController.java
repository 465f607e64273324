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

/**
 * {@code POST /v1/chat/completions}. Whether the answer is streamed is for the body to say; the
 * Accept header has no part in it, because clients send all sorts.
 */
@RestController
@Tag(name = "Chat")
class ChatCompletionsController implements LineEndpoint {
  private final RequestBodies bodies;
  private final ChatRequestReader reader;
  private final CompletionService completions;
  private final CompletionAnswers answers;

  ChatCompletionsController(
      RequestBodies bodies,
      ChatRequestReader reader,
      CompletionService completions,
      CompletionAnswers answers) {
    this.bodies = bodies;
    this.reader = reader;
    this.completions = completions;
    this.answers = answers;
  }

  /** Returns null when the answer was streamed. */
  @Operation(operationId = "createChatCompletion", summary = "Answers a conversation")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(ref = ChatRequestShape.NAME),
              examples = {
                @ExampleObject(name = "question", value = ChatExamples.QUESTION),
                @ExampleObject(name = "stream", value = ChatExamples.STREAM),
                @ExampleObject(name = "tools", value = ChatExamples.TOOLS),
                @ExampleObject(name = "schema", value = ChatExamples.SCHEMA)
              }))
  @ApiResponse(
      responseCode = "200",
      description = "The answer, or with stream its events, the last of them [DONE]",
      content = {
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = ChatCompletion.class)),
        @Content(
            mediaType = "text/event-stream",
            schema = @Schema(ref = SharedResponses.EVENT),
            examples = @ExampleObject(ChatExamples.EVENTS))
      })
  @ApiResponse(responseCode = "403", ref = "Blocked")
  @ApiResponse(responseCode = "429", ref = "TooManyRequests")
  @ApiResponse(responseCode = "504", ref = "TooSlow")
  @PostMapping("/v1/chat/completions")
  @Nullable ResponseEntity<ChatCompletion> complete(
      HttpServletRequest request,
      HttpServletResponse response,
      @AuthenticationPrincipal Caller caller) {
    JsonNode body = bodies.read(request);
    ChatRequest chat = reader.read(body);
    String requestId = RequestIds.of(request);
    Completion completion =
        CompletionAnswers.admitted(
            RateHeaders.announce(
                completions.admit(
                    chat.toCompletion(),
                    caller,
                    RequestIds.uuid(request),
                    GuardrailsReader.read(body)),
                response));
    Deprecation.announce(completion.card().deprecation(), response);
    AnswerHeading heading = AnswerHeading.of(requestId, chat.model());
    AnswerShape shape = AnswerShape.of(chat.prefix(), chat.sampling());
    if (chat.stream()) {
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
    return "/v1/chat/completions";
  }

  @Override
  public ChatCompletion answer(JsonNode body, Caller caller, UUID requestId, Terms terms) {
    ChatRequest chat = reader.read(body);
    Completion completion =
        CompletionAnswers.admitted(
            completions.admit(
                chat.toCompletion(), caller, requestId, terms, GuardrailsReader.read(body)));
    String id = RequestIds.of(requestId);
    return CompletionAnswers.collect(
        completion,
        AnswerHeading.of(id, chat.model()),
        AnswerShape.of(chat.prefix(), chat.sampling()),
        Attendance.ASSUMED,
        id);
  }
}
