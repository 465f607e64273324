import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.mistralai.MistralAiChatModel;
import org.springframework.ai.mistralai.MistralAiChatOptions;
import org.springframework.ai.mistralai.MistralAiEmbeddingModel;
import org.springframework.ai.mistralai.MistralAiEmbeddingOptions;
import org.springframework.ai.mistralai.api.MistralAiApi;
import org.springframework.ai.mistralai.api.MistralAiApi.ChatCompletionRequest.ResponseFormat;
import org.springframework.ai.mistralai.api.MistralAiApi.ChatCompletionRequest.ToolChoice;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** Spring AI's integration of Mistral. */
class SpringAiClient {
  static final String URL = System.getenv("GALERNE_URL");
  static final UserMessage QUESTION = new UserMessage("What is the capital of France?");
  static final String SCHEMA =
      """
      {"type": "object",
       "properties": {"city": {"enum": ["Paris", "Lyon"]},
         "people": {"type": "integer", "minimum": 0}},
       "required": ["city", "people"], "additionalProperties": false}\
      """;

  /** A tool that is called by nobody here: the calls are looked at instead. */
  record Population() implements ToolCallback {
    @Override
    public ToolDefinition getToolDefinition() {
      return ToolDefinition.builder()
          .name("population")
          .description("People")
          .inputSchema(SCHEMA)
          .build();
    }

    @Override
    public String call(String arguments) {
      throw new AssertionError(arguments);
    }
  }

  static void check(String what) {
    System.out.println("check " + what);
  }

  static void use(Usage usage) {
    System.out.println("usage " + usage.getPromptTokens() + " " + usage.getCompletionTokens());
  }

  static void require(boolean held, Object told) {
    if (!held) {
      throw new AssertionError(told);
    }
  }

  static MistralAiApi api(String key) {
    return MistralAiApi.builder().baseUrl(URL).apiKey(key).build();
  }

  static MistralAiChatModel model(String key) {
    return MistralAiChatModel.builder()
        .mistralAiApi(api(key))
        .defaultOptions(options("mistral-small-latest", 16).build())
        .build();
  }

  static MistralAiChatOptions.Builder options(String model, int tokens) {
    return MistralAiChatOptions.builder().model(model).temperature(0.0).maxTokens(tokens);
  }

  static void streamed(MistralAiChatModel model, String text) {
    List<ChatResponse> chunks = model.stream(new Prompt(QUESTION)).collectList().block();
    var streamed = new StringBuilder();
    for (ChatResponse chunk : chunks) {
      if (chunk.getResult() != null && chunk.getResult().getOutput().getText() != null) {
        streamed.append(chunk.getResult().getOutput().getText());
      }
    }
    require(streamed.toString().equals(text), streamed);
    use(chunks.getLast().getMetadata().getUsage());
    check("stream");
  }

  static void tools(MistralAiChatModel model) {
    MistralAiChatOptions calling =
        options("mistral-small-latest", 300)
            .toolCallbacks(new Population())
            .toolChoice(ToolChoice.ANY)
            .internalToolExecutionEnabled(false)
            .build();
    ChatResponse called = model.call(new Prompt(List.of(QUESTION), calling));
    require(called.hasToolCalls(), called);
    use(called.getMetadata().getUsage());
    AssistantMessage message = called.getResult().getOutput();
    List<ToolResponseMessage.ToolResponse> results = new ArrayList<>();
    for (AssistantMessage.ToolCall call : message.getToolCalls()) {
      require(call.arguments().matches(".*\"city\":\\s*\"(Paris|Lyon)\".*"), call);
      results.add(new ToolResponseMessage.ToolResponse(call.id(), call.name(), "2000000"));
    }
    List<Message> history =
        List.of(
            QUESTION,
            message,
            ToolResponseMessage.builder().responses(results).metadata(Map.of()).build());
    ChatResponse last = model.call(new Prompt(history));
    require(!last.getResult().getOutput().getText().isEmpty(), last);
    use(last.getMetadata().getUsage());
    check("tools");
  }

  static void embeddings(String key) {
    EmbeddingResponse embedded =
        MistralAiEmbeddingModel.builder()
            .mistralAiApi(api(key))
            .metadataMode(MetadataMode.NONE)
            .options(MistralAiEmbeddingOptions.builder().withModel("mistral-embed").build())
            .build()
            .embedForResponse(List.of("The cat sleeps.", "A kitten naps.", "Shares fell sharply."));
    float[] cat = embedded.getResults().get(0).getOutput();
    require(cat.length == 384, cat.length);
    require(
        dot(cat, embedded.getResults().get(1).getOutput())
            > dot(cat, embedded.getResults().get(2).getOutput()),
        "a kitten is no share");
    System.out.println("usage " + embedded.getMetadata().getUsage().getPromptTokens() + " 0");
    check("embeddings");
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static void refusals(MistralAiChatModel model) {
    try {
      model("wrong").call(new Prompt(QUESTION));
      throw new AssertionError("no error was raised");
    } catch (NonTransientAiException e) {
      require(e.getMessage().contains("401"), e);
      check("unauthorized");
    }
    try {
      model.call(new Prompt(List.of(QUESTION), options("no-such-model", 16).build()));
      throw new AssertionError("no error was raised");
    } catch (NonTransientAiException e) {
      require(e.getMessage().contains("400"), e);
      require(e.getMessage().contains("Invalid model: no-such-model"), e);
      check("unknown model");
    }
  }

  public static void main(String... arguments) {
    String key = System.getenv("GALERNE_KEY");
    MistralAiChatModel model = model(key);
    ChatResponse whole = model.call(new Prompt(QUESTION));
    String text = whole.getResult().getOutput().getText();
    System.out.println("answer \"" + text + "\"");
    use(whole.getMetadata().getUsage());
    check("complete");

    streamed(model, text);

    MistralAiChatOptions format =
        options("mistral-small-latest", 64)
            .responseFormat(ResponseFormat.jsonSchema(SCHEMA))
            .build();
    ChatResponse described = model.call(new Prompt(List.of(QUESTION), format));
    String city = described.getResult().getOutput().getText();
    require(city.matches("(?s)\\{.*\"city\":\\s*\"(Paris|Lyon)\".*}"), city);
    use(described.getMetadata().getUsage());
    check("schema");

    tools(model);
    embeddings(key);
    refusals(model);
  }
}
