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
    if (messages.getLast().prefix() && callsForSure(format)) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported(
              "messages[" + (messages.size() - 1) + "].prefix",
              "a prefix of an answer that has to call a tool"));
    }
    if (!stop.isEmpty() && format.asksForDocument()) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported("stop", "a stop text within a document"));
    }
    return format;
  }

  private static OutputFormat of(OutputFormat text, RequestedTools tools) {
    if (tools.tools().isEmpty()) {
      return text;
    }
    OutputFormat otherwise =
        tools.choice() instanceof ToolChoice.Auto ? text : new OutputFormat.FreeText();
    return new OutputFormat.ToolCalls(tools.tools(), tools.choice(), tools.parallel(), otherwise);
  }

  private static boolean callsForSure(OutputFormat format) {
    return format instanceof OutputFormat.ToolCalls calls
        && !(calls.choice() instanceof ToolChoice.Auto);
  }
}
