package io.galerne.remote;

import io.galerne.engine.OutputFormat;
import io.galerne.engine.ToolChoice;
import io.galerne.engine.sampling.Adjustments;
import io.galerne.engine.sampling.SamplingParams;
import io.galerne.engine.template.ChatMessage;
import io.galerne.engine.template.PromptRequest;
import io.galerne.engine.template.ToolCall;
import io.galerne.engine.template.ToolDefinition;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request as a backend wants to read it. */
final class ChatBody {
  private final JsonMapper mapper = new JsonMapper();
  private final String model;
  private final Dialect dialect;

  ChatBody(String model, Dialect dialect) {
    this.model = model;
    this.dialect = dialect;
  }

  byte[] write(PromptRequest conversation, OutputFormat format, SamplingParams sampling) {
    ObjectNode body = mapper.createObjectNode();
    body.put("model", model);
    ArrayNode messages = body.putArray("messages");
    conversation.messages().forEach(message -> message(messages.addObject(), message));
    if (!(format instanceof OutputFormat.ToolCalls) && !conversation.tools().isEmpty()) {
      conversation.tools().forEach(tool -> tool(body.withArray("tools"), tool));
      body.put("tool_choice", "none");
    }
    format(body, format);
    sampling(body, sampling);
    body.put("stream", true);
    if (dialect != Dialect.MISTRAL) {
      ObjectNode options = body.putObject("stream_options");
      options.put("include_usage", true);
      if (dialect.tellsUsageOfPieces()) {
        options.put("continuous_usage_stats", true);
      }
    }
    if (dialect == Dialect.VLLM && goesOn(conversation)) {
      body.put("add_generation_prompt", false);
      body.put("continue_final_message", true);
    }
    return mapper.writeValueAsBytes(body);
  }

  static boolean goesOn(PromptRequest conversation) {
    return !conversation.messages().isEmpty() && conversation.messages().getLast().prefix();
  }

  private void message(ObjectNode node, ChatMessage message) {
    node.put("role", message.role());
    node.put("content", message.content());
    for (ToolCall call : message.toolCalls()) {
      ObjectNode of = node.withArray("tool_calls").addObject();
      of.put("id", call.id()).put("type", "function");
      of.putObject("function").put("name", call.name()).put("arguments", call.arguments());
    }
    if (message.toolCallId() != null) {
      node.put("tool_call_id", message.toolCallId());
    }
    if (message.name() != null) {
      node.put("name", message.name());
    }
    if (message.prefix() && dialect == Dialect.MISTRAL) {
      node.put("prefix", true);
    }
  }

  private void tool(ArrayNode tools, ToolDefinition definition) {
    ObjectNode function = tools.addObject().put("type", "function").putObject("function");
    function.put("name", definition.name());
    if (!definition.description().isEmpty()) {
      function.put("description", definition.description());
    }
    function.set(
        "parameters",
        definition.parameters().isBlank()
            ? mapper.createObjectNode().put("type", "object")
            : mapper.readTree(definition.parameters()));
  }

  private void format(ObjectNode body, OutputFormat format) {
    switch (format) {
      case OutputFormat.FreeText _ -> {}
      case OutputFormat.JsonObject _ ->
          body.putObject("response_format").put("type", "json_object");
      case OutputFormat.JsonSchema(String schema) -> {
        ObjectNode node = body.putObject("response_format").put("type", "json_schema");
        node.putObject("json_schema")
            .put("name", "answer")
            .put("strict", true)
            .set("schema", mapper.readTree(schema));
      }
      case OutputFormat.Regex(String pattern) ->
          body.putObject("structured_outputs").put("regex", pattern);
      case OutputFormat.Choice choice ->
          choice.texts().forEach(body.putObject("structured_outputs").putArray("choice")::add);
      case OutputFormat.ToolCalls calls -> {
        calls.tools().forEach(tool -> tool(body.withArray("tools"), tool));
        body.put("parallel_tool_calls", calls.parallel());
        toolChoice(body, calls.choice());
        format(body, calls.otherwise());
      }
    }
  }

  private static void toolChoice(ObjectNode body, ToolChoice choice) {
    switch (choice) {
      case ToolChoice.Auto _ -> body.put("tool_choice", "auto");
      case ToolChoice.Any _ -> body.put("tool_choice", "required");
      case ToolChoice.Named(String name) ->
          body.putObject("tool_choice")
              .put("type", "function")
              .putObject("function")
              .put("name", name);
    }
  }

  private void sampling(ObjectNode body, SamplingParams sampling) {
    body.put("temperature", sampling.temperature());
    body.put("top_p", sampling.topP());
    body.put("max_tokens", sampling.maxTokens());
    body.put(
        dialect.seedIsRandomSeed() ? "random_seed" : "seed",
        (int) (sampling.seed() & Integer.MAX_VALUE));
    if (!sampling.stop().isEmpty()) {
      sampling.stop().forEach(body.putArray("stop")::add);
    }
    Adjustments adjustments = sampling.adjustments();
    if (adjustments.presencePenalty() != 0) {
      body.put("presence_penalty", adjustments.presencePenalty());
    }
    if (adjustments.frequencyPenalty() != 0) {
      body.put("frequency_penalty", adjustments.frequencyPenalty());
    }
    if (dialect.samplesMore()) {
      sampleMore(body, adjustments);
    }
  }

  private void sampleMore(ObjectNode body, Adjustments adjustments) {
    if (adjustments.repetitionPenalty() != 1) {
      body.put(
          dialect == Dialect.VLLM ? "repetition_penalty" : "repeat_penalty",
          adjustments.repetitionPenalty());
    }
    if (adjustments.topK() > 0) {
      body.put("top_k", adjustments.topK());
    }
    if (adjustments.minP() > 0) {
      body.put("min_p", adjustments.minP());
    }
    if (dialect == Dialect.VLLM && adjustments.minTokens() > 0) {
      body.put("min_tokens", adjustments.minTokens());
    }
  }
}
