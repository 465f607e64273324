package io.galerne.api;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.ToolChoice;
import java.util.List;

/** Joins what a request says of its answer's text with what it says of calling tools. */
final class AnswerFormat {
  private AnswerFormat() {}

  /**
   * The format of the whole answer.
   *
   * @param text of an answer that calls no tool
   * @throws ApiException 400 where the two don't go together, or the request has what would leave
   *     half a document
   */
  static OutputFormat of(
      OutputFormat text, RequestedTools tools, List<RequestMessage> messages, List<String> stop) {
    OutputFormat format = of(text, tools);
    if (messages.getLast().prefix() && !startsAnyhow(format)) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported(
              "messages[" + (messages.size() - 1) + "].prefix",
              "a prefix of an answer whose format is prescribed"));
    }
    if (!stop.isEmpty() && !(format instanceof OutputFormat.ToolCalls) && !startsAnyhow(format)) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported("stop", "a stop text within a document"));
    }
    return format;
  }

  private static OutputFormat of(OutputFormat text, RequestedTools tools) {
    if (tools.tools().isEmpty()) {
      return text;
    }
    boolean isFree = text instanceof OutputFormat.FreeText;
    if (!isFree && tools.choice() instanceof ToolChoice.Auto) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported(
              "response_format",
              "a format together with tools that may be called or not (tool_choice 'auto')"));
    }
    return new OutputFormat.ToolCalls(tools.tools(), tools.choice(), tools.parallel());
  }

  private static boolean startsAnyhow(OutputFormat format) {
    return switch (format) {
      case OutputFormat.FreeText() -> true;
      case OutputFormat.ToolCalls calls -> calls.choice() instanceof ToolChoice.Auto;
      case OutputFormat.JsonObject _,
          OutputFormat.JsonSchema _,
          OutputFormat.Regex _,
          OutputFormat.Choice _ ->
          false;
    };
  }
}
