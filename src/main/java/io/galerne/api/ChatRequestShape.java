package io.galerne.api;

import io.galerne.api.RequestMessage.Role;
import java.util.Arrays;
import java.util.List;

/** What the document says of a chat completion request. */
final class ChatRequestShape {
  static final String NAME = "ChatCompletionRequest";

  private final boolean strict;

  private ChatRequestShape(boolean strict) {
    this.strict = strict;
  }

  static DocumentedBody of(boolean strict) {
    return new DocumentedBody(NAME, new ChatRequestShape(strict).request().schema());
  }

  private Shape request() {
    Shape request =
        Shape.object(strict)
            .required("model", Shape.text().describe("A name from /v1/models"))
            .required("messages", Shape.list(message(), 1, MessagesReader.MESSAGES_MAX))
            .optional(
                "stream", Shape.flag().describe("Whether the answer comes as server-sent events"))
            .optional("stop", stop())
            .optional("metadata", Shape.map(RequestBounds.METADATA_ENTRIES_MAX))
            .optional(
                "safe_prompt",
                Shape.flag().describe("Whether a prompt that asks for care goes first"));
    request.optional("guardrails", GuardrailsReader.shape());
    sampling(request);
    tools(request);
    return request;
  }

  private void sampling(Shape request) {
    request.optional(
        "temperature",
        Shape.number(0, RequestBounds.TEMPERATURE_MAX)
            .describe("0 takes the likeliest token; the model's own default where absent"));
    SamplingShape.addTo(request, strict);
  }

  static Shape stop() {
    Shape text = Shape.text(1, ChatRequestReader.STOP_LENGTH_MAX);
    return Shape.anyOf(
        text,
        Shape.list(
            Shape.text(1, ChatRequestReader.STOP_LENGTH_MAX), 0, ChatRequestReader.STOP_TEXTS_MAX));
  }

  private void tools(Shape request) {
    request
        .optional("tools", Shape.list(tool(), 0, ToolsReader.TOOLS_MAX))
        .optional(
            "tool_choice",
            Shape.anyOf(
                Shape.oneOf(ToolsReader.CHOICES),
                Shape.object(strict)
                    .optional("type", Shape.oneOf(List.of("function")))
                    .required("function", Shape.object(strict).required("name", Shape.text()))))
        .optional("parallel_tool_calls", Shape.flag())
        .optional("response_format", responseFormat());
  }

  private Shape tool() {
    Shape function =
        Shape.object(strict).required("name", Shape.matching(ToolsReader.NAME_PATTERN));
    function.optional("description", Shape.text()).optional("strict", Shape.flag());
    Shape parameters = Shape.anyObject().describe("A JSON Schema that arguments are held to");
    if (strict) {
      function.required("parameters", parameters);
    } else {
      function.optional("parameters", parameters);
    }
    return Shape.object(strict)
        .optional("type", Shape.oneOf(List.of("function")))
        .required("function", function);
  }

  private Shape responseFormat() {
    Shape named =
        Shape.object(strict)
            .required("name", Shape.text(0, ResponseFormatReader.NAME_LENGTH_MAX))
            .optional("description", Shape.text())
            .optional("strict", Shape.flag())
            .required("schema", Shape.anyObject());
    Shape plain =
        Shape.object(strict)
            .absentOr("type", Shape.oneOf(List.of("text", "json_object")))
            .optional("json_schema", Shape.anything());
    Shape schema =
        Shape.object(strict)
            .required("type", Shape.oneOf(List.of("json_schema")))
            .required("json_schema", named);
    return Shape.anyOf(plain, schema);
  }

  /** A conversation as {@link MessagesReader} takes it. */
  static Shape messages(boolean strict, int max) {
    return Shape.list(new ChatRequestShape(strict).message(), 1, max);
  }

  private Shape message() {
    return Shape.anyOf(Arrays.stream(Role.values()).map(this::message).toArray(Shape[]::new));
  }

  private Shape message(Role role) {
    Shape message = Shape.object(strict).required("role", Shape.oneOf(List.of(role.wireName())));
    return switch (role) {
      case SYSTEM -> message.required("content", content());
      case USER -> message.optional("content", content());
      case ASSISTANT ->
          message
              .optional("content", content())
              .optional("tool_calls", Shape.list(toolCall(), 0, ToolCallsReader.CALLS_MAX))
              .optional(
                  "prefix", Shape.flag().describe("Whether the answer goes on with this text"));
      case TOOL ->
          message
              .required("content", content())
              .optional("tool_call_id", Shape.text())
              .optional("name", Shape.text());
    };
  }

  private Shape content() {
    Shape part =
        Shape.object(strict)
            .required("type", Shape.oneOf(List.of("text")))
            .required("text", Shape.text());
    return Shape.anyOf(Shape.text(), Shape.list(part, 0, RequestBounds.CONTENT_PARTS_MAX));
  }

  private Shape toolCall() {
    Shape call =
        Shape.object(strict)
            .optional("id", Shape.text())
            .optional("type", Shape.oneOf(List.of("function")))
            .required(
                "function",
                Shape.object(strict)
                    .required("name", Shape.text())
                    .required("arguments", Shape.anyOf(Shape.text(), Shape.anyObject())));
    if (strict) {
      call.optional("index", Shape.anything());
    }
    return call;
  }
}
