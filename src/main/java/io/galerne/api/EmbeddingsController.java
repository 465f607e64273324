package io.galerne.api;

import io.galerne.identity.Caller;
import io.galerne.identity.RequestIds;
import io.galerne.serving.EmbeddingOutcome;
import io.galerne.serving.EmbeddingService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/embeddings}. */
@RestController
class EmbeddingsController {
  private final RequestBodies bodies;
  private final EmbeddingsRequestReader reader;
  private final EmbeddingService embeddings;

  EmbeddingsController(
      RequestBodies bodies, EmbeddingsRequestReader reader, EmbeddingService embeddings) {
    this.bodies = bodies;
    this.reader = reader;
    this.embeddings = embeddings;
  }

  @PostMapping("/v1/embeddings")
  ResponseEntity<EmbeddingList> embed(
      HttpServletRequest request,
      HttpServletResponse response,
      @AuthenticationPrincipal Caller caller) {
    EmbeddingsRequest asked = reader.read(bodies.read(request));
    String requestId = RequestIds.of(request);
    EmbeddingOutcome.Embedded embedded =
        switch (embeddings.embed(asked.embedding(), caller, RequestIds.uuid(request))) {
          case EmbeddingOutcome.Embedded whole -> whole;
          case EmbeddingOutcome.Failed(var failure) -> throw Refusals.of(failure, requestId);
          case EmbeddingOutcome.Refused refused -> throw EmbeddingRefusals.of(refused);
        };
    Deprecation.announce(embedded.card().deprecation(), response);
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(EmbeddingList.of(asked, embedded, requestId));
  }
}
