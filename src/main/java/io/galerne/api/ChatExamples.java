package io.galerne.api;

/** Requests and answers that the document shows. */
final class ChatExamples {
  static final String QUESTION =
      """
      {"model": "mistral-small", "max_tokens": 32,
       "messages": [{"role": "user", "content": "What is the best French cheese?"}]}
      """;

  static final String STREAM =
      """
      {"model": "mistral-small", "max_tokens": 32, "stream": true,
       "messages": [{"role": "user", "content": "What is the best French cheese?"}]}
      """;

  static final String TOOLS =
      """
      {"model": "mistral-small", "max_tokens": 64, "tool_choice": "any",
       "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
       "tools": [{"type": "function", "function": {"name": "get_weather",
         "description": "The weather in a city",
         "parameters": {"type": "object", "required": ["city"],
           "properties": {"city": {"type": "string"}}}}}]}
      """;

  static final String SCHEMA =
      """
      {"model": "mistral-small", "max_tokens": 64,
       "messages": [{"role": "user", "content": "Name a French cheese and its region."}],
       "response_format": {"type": "json_schema", "json_schema": {"name": "cheese",
         "schema": {"type": "object", "additionalProperties": false,
           "required": ["name", "region"],
           "properties": {"name": {"type": "string"}, "region": {"type": "string"}}}}}}
      """;

  static final String EVENTS =
      """
      data: {"id":"cmpl-0f1e2d3c4b5a69788796a5b4c3d2e1f0","object":"chat.completion.chunk",\
      "created":1764000000,"model":"mistral-small","choices":[{"index":0,\
      "delta":{"role":"assistant","content":""},"finish_reason":null}]}

      data: [DONE]
      """;

  private ChatExamples() {}
}
