package io.galerne.api;

import io.galerne.identity.Caller;
import io.galerne.identity.RequestIds;
import io.galerne.serving.EmbeddingOutcome;
import io.galerne.serving.EmbeddingService;
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
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/embeddings}. */
@RestController
@Tag(name = "Embeddings")
class EmbeddingsController implements LineEndpoint {
  private final RequestBodies bodies;
  private final EmbeddingsRequestReader reader;
  private final EmbeddingService embeddings;

  EmbeddingsController(
      RequestBodies bodies, EmbeddingsRequestReader reader, EmbeddingService embeddings) {
    this.bodies = bodies;
    this.reader = reader;
    this.embeddings = embeddings;
  }

  @Operation(operationId = "createEmbeddings", summary = "Turns texts into vectors")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(ref = EmbeddingsRequestShape.NAME),
              examples =
                  @ExampleObject(
                      """
                      {"model": "mistral-embed", "input": ["Roquefort is a blue cheese."]}
                      """)))
  @ApiResponse(responseCode = "200", description = "One vector for each text, in their order")
  @ApiResponse(responseCode = "403", ref = "Blocked")
  @ApiResponse(responseCode = "504", ref = "TooSlow")
  @PostMapping("/v1/embeddings")
  ResponseEntity<EmbeddingList> embed(
      HttpServletRequest request,
      HttpServletResponse response,
      @AuthenticationPrincipal Caller caller) {
    EmbeddingsRequest asked = reader.read(bodies.read(request));
    String requestId = RequestIds.of(request);
    EmbeddingOutcome.Embedded embedded =
        embedded(
            RateHeaders.announce(
                embeddings.embed(asked.embedding(), caller, RequestIds.uuid(request)), response),
            requestId);
    Deprecation.announce(embedded.card().deprecation(), response);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(EmbeddingList.of(asked, embedded, requestId));
  }

  @Override
  public String path() {
    return "/v1/embeddings";
  }

  @Override
  public EmbeddingList answer(JsonNode body, Caller caller, UUID requestId, Terms terms) {
    EmbeddingsRequest asked = reader.read(body);
    String id = RequestIds.of(requestId);
    return EmbeddingList.of(
        asked, embedded(embeddings.embed(asked.embedding(), caller, requestId, terms), id), id);
  }

  private static EmbeddingOutcome.Embedded embedded(EmbeddingOutcome outcome, String requestId) {
    return switch (outcome) {
      case EmbeddingOutcome.Embedded whole -> whole;
      case EmbeddingOutcome.Failed(var failure) -> throw Refusals.of(failure, requestId);
      case EmbeddingOutcome.Refused refused -> throw EmbeddingRefusals.of(refused);
    };
  }
}
