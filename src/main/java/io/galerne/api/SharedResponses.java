package io.galerne.api;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * What all operations have in common: the ways to be refused before a controller is reached, or
 * whatever it does, and the headers of every answer. A controller that says more of a status is
 * left its word.
 */
final class SharedResponses implements OpenApiCustomizer {
  private static final String SCHEMAS = "#/components/schemas/";
  private static final String ENVELOPE = "ErrorEnvelope";
  static final String EVENT = "StreamEvent";
  private static final String BLOCKED = "BlockedBody";
  private static final String GATEWAY = "GatewayError";

  /** Where money and rates are asked. */
  private static final Set<String> METERED =
      Set.of("/v1/chat/completions", "/v1/fim/completions", "/v1/embeddings");

  private final List<DocumentedBody> bodies;

  SharedResponses(List<DocumentedBody> bodies) {
    this.bodies = bodies;
  }

  @Override
  public void customise(OpenAPI document) {
    Components components = document.getComponents();
    for (Class<?> body : List.of(ErrorEnvelope.class, ValidationErrors.class)) {
      ModelConverters.getInstance(true).readAll(body).forEach(components::addSchemas);
    }
    components.addSchemas(GATEWAY, gatewayError());
    components.addSchemas(EVENT, event());
    named(components, "NotFound", response("There is no such thing", ENVELOPE));
    components.addSchemas(BLOCKED, Shape.anyObject().schema());
    named(components, "Blocked", response("A policy or a guardrail blocks it", BLOCKED));
    named(components, "Invalid", response("A field has the wrong shape", "ValidationErrors"));
    named(components, "NotPossible", response("Nothing here can be asked that", ENVELOPE));
    named(components, "TooSlow", response("The answer took too long", ENVELOPE));
    named(components, "TooManyRequests", retry(response("A limit is reached", ENVELOPE)));
    bodies.forEach(body -> components.addSchemas(body.name(), body.schema()));
    document
        .getPaths()
        .forEach(
            (path, item) -> {
              if (METERED.contains(path)) {
                item.readOperations().forEach(SharedResponses::meter);
              }
              if (ApiPaths.contains(path)) {
                item.readOperations().forEach(SharedResponses::complete);
              }
            });
  }

  private static void meter(Operation operation) {
    ApiResponses responses = operation.getResponses();
    add(responses, "402", retry(response("What may be spent is spent", ENVELOPE)));
    add(responses, "429", new ApiResponse().$ref("TooManyRequests"));
  }

  private static void complete(Operation operation) {
    ApiResponses responses = operation.getResponses();
    add(responses, "400", response("The request can't be honoured", ENVELOPE));
    add(responses, "401", response("There is no key, or none that is good", GATEWAY));
    add(responses, "403", response("The key, or a policy, forbids it", BLOCKED));
    add(responses, "431", response("The headers are too large", ENVELOPE));
    add(responses, "500", response("An internal error", ENVELOPE));
    add(responses, "503", retry(response("No capacity, or not ready: try again", ENVELOPE)));
    if (operation.getRequestBody() != null) {
      add(responses, "408", response("The body did not come in time", ENVELOPE));
      add(responses, "413", response("The body is too large", ENVELOPE));
      add(responses, "415", response("The body is not of a type that is taken here", ENVELOPE));
      add(responses, "422", response("A field has the wrong shape", "ValidationErrors"));
    }
    responses.values().stream()
        .filter(response -> response.get$ref() == null)
        .forEach(SharedResponses::addIds);
  }

  private static void add(ApiResponses responses, String status, ApiResponse response) {
    if (!responses.containsKey(status)) {
      responses.addApiResponse(status, response);
    }
  }

  private static void named(Components components, String name, ApiResponse response) {
    addIds(response);
    components.addResponses(name, response);
  }

  private static ApiResponse response(String description, String schema) {
    return new ApiResponse()
        .description(description)
        .content(
            new Content()
                .addMediaType(
                    "application/json",
                    new MediaType().schema(new Schema<>().$ref(SCHEMAS + schema))));
  }

  private static ApiResponse retry(ApiResponse response) {
    return response.addHeaderObject(
        "Retry-After",
        header("integer").description("Seconds after which to try again").required(true));
  }

  private static void addIds(ApiResponse response) {
    for (String name : List.of("x-request-id", "mistral-correlation-id")) {
      response.addHeaderObject(
          name, header("string").description("32 hexadecimal digits").required(true));
    }
  }

  private static Header header(String type) {
    Schema<?> schema = new JsonSchema();
    schema.addType(type);
    return new Header().schema(schema);
  }

  private static Schema<?> event() {
    return Shape.object(false)
        .required("data", Shape.text().describe("A chunk of the answer as JSON, at last [DONE]"))
        .schema();
  }

  /** The body of the layer before the API; its record belongs to another module. */
  private static Schema<?> gatewayError() {
    return Shape.object(false)
        .required("message", Shape.text())
        .required("request_id", Shape.matching("[0-9a-f]{32}"))
        .schema();
  }
}
