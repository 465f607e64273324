package io.galerne.api;

import io.galerne.catalog.EmbeddingCard;
import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.catalog.Resolution;
import io.galerne.identity.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/models}: what is on offer, and what really serves it. */
@RestController
@Tag(name = "Models")
class ModelsController {
  private final ModelCatalog catalog;

  ModelsController(ModelCatalog catalog) {
    this.catalog = catalog;
  }

  record ModelList(String object, List<ModelEntry> data) {}

  @Operation(operationId = "listModels", summary = "Lists the models on offer")
  @ApiResponse(responseCode = "200", description = "One entry for each name, aliases too")
  @GetMapping("/v1/models")
  ResponseEntity<ModelList> list(@AuthenticationPrincipal Caller caller) {
    List<ModelEntry> entries =
        Stream.concat(
                catalog.cards(caller.tenantId()).stream().flatMap(ModelEntry::all),
                catalog.embeddingCards().stream().flatMap(ModelEntry::all))
            .toList();
    return json(new ModelList("list", entries));
  }

  @Operation(operationId = "retrieveModel", summary = "Describes a model")
  @ApiResponse(responseCode = "200", description = "The model of that name")
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @GetMapping("/v1/models/{id}")
  ResponseEntity<ModelEntry> retrieve(
      @Parameter(description = "Its id or an alias", example = "mistral-small") @PathVariable
          String id,
      @AuthenticationPrincipal Caller caller) {
    return switch (catalog.resolve(caller.tenantId(), id)) {
      case Resolution.Found(ModelCard card) -> json(ModelEntry.of(card, id));
      case Resolution.Embedding(EmbeddingCard card) -> json(ModelEntry.of(card, id));
      case Resolution.Unknown(String name) ->
          throw new ApiException(HttpStatus.NOT_FOUND, ErrorEnvelope.unknownModel(name));
    };
  }

  /**
   * There are no fine-tuned models to delete.
   *
   * @throws ApiException always
   */
  @Operation(operationId = "deleteModel", summary = "Refuses: there are no models of your own")
  @ApiResponse(responseCode = "400", ref = "NotPossible")
  @ApiResponse(responseCode = "404", ref = "NotFound")
  @DeleteMapping("/v1/models/{id}")
  void delete(@PathVariable String id) {
    throw switch (catalog.resolve(id)) {
      case Resolution.Unknown(String name) ->
          new ApiException(HttpStatus.NOT_FOUND, ErrorEnvelope.unknownModel(name));
      case Resolution.Found _, Resolution.Embedding _ ->
          ApiException.badRequest(
              new ErrorEnvelope(
                  "Invalid model: %s is a base model, only fine-tuned models can be deleted"
                      .formatted(EchoedInput.text(id)),
                  "invalid_model",
                  "model_id",
                  "1500"));
    };
  }

  private static <T> ResponseEntity<T> json(T body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
