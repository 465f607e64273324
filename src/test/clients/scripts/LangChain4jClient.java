import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.mistralai.MistralAiChatModel;
import dev.langchain4j.model.mistralai.MistralAiEmbeddingModel;
import dev.langchain4j.model.mistralai.MistralAiStreamingChatModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** langchain4j's integration of Mistral. */
class LangChain4jClient {
  static final String URL = System.getenv("GALERNE_URL") + "/v1";
  static final String KEY = System.getenv("GALERNE_KEY");
  static final UserMessage QUESTION = UserMessage.from("What is the capital of France?");
  static final JsonObjectSchema SCHEMA =
      JsonObjectSchema.builder()
          .addEnumProperty("city", List.of("Paris", "Lyon"))
          .addIntegerProperty("people")
          .required("city", "people")
          .additionalProperties(false)
          .build();

  static void check(String what) {
    System.out.println("check " + what);
  }

  static void use(TokenUsage usage) {
    System.out.println("usage " + usage.inputTokenCount() + " " + usage.outputTokenCount());
  }

  static void require(boolean held, Object told) {
    if (!held) {
      throw new AssertionError(told);
    }
  }

  static MistralAiChatModel.MistralAiChatModelBuilder model(int tokens) {
    return MistralAiChatModel.builder()
        .baseUrl(URL)
        .apiKey(KEY)
        .modelName("mistral-small-latest")
        .temperature(0.0)
        .maxTokens(tokens)
        .strictJsonSchema(true)
        .maxRetries(0);
  }

  static String streamed() throws Exception {
    var done = new CompletableFuture<ChatResponse>();
    var text = new StringBuilder();
    MistralAiStreamingChatModel.builder()
        .baseUrl(URL)
        .apiKey(KEY)
        .modelName("mistral-small-latest")
        .temperature(0.0)
        .maxTokens(16)
        .build()
        .chat(
            List.of(QUESTION),
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String piece) {
                text.append(piece);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                done.completeExceptionally(error);
              }
            });
    use(done.get(60, TimeUnit.SECONDS).tokenUsage());
    return text.toString();
  }

  static void tools() {
    var population = ToolSpecification.builder().name("population").parameters(SCHEMA).build();
    ChatResponse called =
        model(300)
            .build()
            .chat(
                ChatRequest.builder()
                    .messages(QUESTION)
                    .toolSpecifications(population)
                    .toolChoice(ToolChoice.REQUIRED)
                    .build());
    require(called.aiMessage().hasToolExecutionRequests(), called);
    use(called.tokenUsage());
    List<ChatMessage> history = new ArrayList<>(List.of(QUESTION, called.aiMessage()));
    for (ToolExecutionRequest call : called.aiMessage().toolExecutionRequests()) {
      require(call.arguments().matches(".*\"city\":\\s*\"(Paris|Lyon)\".*"), call);
      history.add(ToolExecutionResultMessage.from(call, "2000000"));
    }
    ChatResponse last = model(16).build().chat(history);
    require(!last.aiMessage().text().isEmpty(), last);
    use(last.tokenUsage());
    check("tools");
  }

  static void embeddings() {
    Response<List<Embedding>> embedded =
        MistralAiEmbeddingModel.builder()
            .baseUrl(URL)
            .apiKey(KEY)
            .modelName("mistral-embed")
            .build()
            .embedAll(
                List.of(
                    TextSegment.from("The cat sleeps."),
                    TextSegment.from("A kitten naps."),
                    TextSegment.from("Shares fell sharply.")));
    float[] cat = embedded.content().get(0).vector();
    require(cat.length == 384, cat.length);
    require(
        dot(cat, embedded.content().get(1).vector()) > dot(cat, embedded.content().get(2).vector()),
        "a kitten is no share");
    System.out.println("usage " + embedded.tokenUsage().inputTokenCount() + " 0");
    check("embeddings");
  }

  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  public static void main(String... arguments) throws Exception {
    ChatResponse whole = model(16).build().chat(QUESTION);
    String text = whole.aiMessage().text();
    System.out.println("answer \"" + text + "\"");
    use(whole.tokenUsage());
    check("complete");

    require(streamed().equals(text), text);
    check("stream");

    ResponseFormat format =
        ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder().name("city").rootElement(SCHEMA).build())
            .build();
    ChatResponse described =
        model(64)
            .build()
            .chat(ChatRequest.builder().messages(QUESTION).responseFormat(format).build());
    require(
        described.aiMessage().text().matches("(?s)\\{.*\"city\":\\s*\"(Paris|Lyon)\".*}"),
        described);
    use(described.tokenUsage());
    check("schema");

    tools();
    embeddings();

    try {
      model(16).apiKey("wrong").build().chat(QUESTION);
      throw new AssertionError("no error was raised");
    } catch (AuthenticationException e) {
      check("unauthorized");
    }
    try {
      model(16).modelName("no-such-model").build().chat(QUESTION);
      throw new AssertionError("no error was raised");
    } catch (InvalidRequestException e) {
      require(e.getMessage().contains("Invalid model: no-such-model"), e);
      check("unknown model");
    }
  }
}
