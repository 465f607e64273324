package io.galerne.api;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;
import java.util.Objects;
import org.springframework.http.HttpMethod;

/**
 * What the document can't see of an operation that reads its query and its body itself: added with
 * the reader's own constants.
 */
final class OperationNotes {
  private static final String SCHEMAS = "#/components/schemas/";

  private final Operation operation;

  private OperationNotes(Operation operation) {
    this.operation = operation;
  }

  /**
   * The operation of a route that is in the document.
   *
   * @param id what programs call it
   * @param tag the group that it belongs to
   */
  static OperationNotes of(
      OpenAPI document, HttpMethod method, String path, String id, String tag, String summary) {
    PathItem item = Objects.requireNonNull(document.getPaths().get(path), path);
    Operation found =
        Objects.requireNonNull(
            item.readOperationsMap().get(PathItem.HttpMethod.valueOf(method.name())), path);
    found.operationId(id).tags(List.of(tag)).summary(summary);
    return new OperationNotes(found);
  }

  /** The id in the path: a UUID, of something that may not be there. */
  OperationNotes id() {
    operation.getParameters().stream()
        .filter(parameter -> "path".equals(parameter.getIn()))
        .forEach(parameter -> parameter.schema(Shape.uuid().schema()));
    response("404", "NotFound");
    return invalid();
  }

  /** A parameter of the query. */
  OperationNotes query(String name, Shape shape, String description) {
    operation.addParametersItem(parameter(name, shape, description));
    return invalid();
  }

  /** Entries of a map that are spread over the query. */
  OperationNotes entries(String name, Shape shape, String description) {
    Parameter entries = parameter(name, shape, description);
    operation.addParametersItem(entries.style(Parameter.StyleEnum.FORM).explode(true));
    return invalid();
  }

  private static Parameter parameter(String name, Shape shape, String description) {
    return new Parameter()
        .name(name)
        .in("query")
        .required(false)
        .description(description)
        .schema(shape.schema());
  }

  /** A body of JSON whose schema is among the components. */
  OperationNotes json(DocumentedBody body, String... examples) {
    MediaType type = new MediaType().schema(new Schema<>().$ref(SCHEMAS + body.name()));
    for (int i = 0; i < examples.length; i++) {
      type.addExamples(
          "example" + (i + 1), new Example().value(DocumentExamples.json(examples[i])));
    }
    return body("application/json", type);
  }

  /** A form of several parts. */
  OperationNotes form(Shape parts, Object example) {
    return body("multipart/form-data", new MediaType().schema(parts.schema()).example(example));
  }

  private OperationNotes body(String type, MediaType content) {
    operation.requestBody(
        new RequestBody().required(true).content(new Content().addMediaType(type, content)));
    return this;
  }

  /** An example of the answer. */
  OperationNotes answers(String description, String example) {
    ApiResponse answer = Objects.requireNonNull(operation.getResponses().get("200"));
    answer.description(description);
    answer
        .getContent()
        .values()
        .forEach(content -> content.setExample(DocumentExamples.json(example)));
    return this;
  }

  /** The answer is bytes. */
  OperationNotes answersBytes(String description) {
    JsonSchema bytes = new JsonSchema();
    bytes.addType("string");
    bytes.format("binary");
    operation
        .getResponses()
        .addApiResponse(
            "200",
            new ApiResponse()
                .description(description)
                .content(
                    new Content()
                        .addMediaType("application/octet-stream", new MediaType().schema(bytes))));
    return this;
  }

  /** Another status that the operation may have. */
  OperationNotes refuses(String status, String component) {
    return response(status, component);
  }

  private OperationNotes invalid() {
    return response("422", "Invalid");
  }

  private OperationNotes response(String status, String ref) {
    operation.getResponses().addApiResponse(status, new ApiResponse().$ref(ref));
    return this;
  }
}
