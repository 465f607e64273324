package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.galerne.engine.tokenizer.ReducedVocabularies;
import io.galerne.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Against mistral-common, with the vocabularies of that package. */
class MistralPromptEncoderTests {
  @TempDir Path folder;

  static Stream<JsonNode> formats() throws IOException {
    return ReducedVocabularies.fixture("mistral-prompts.json.gz");
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("formats")
  void encodesConversationsAsMistralCommonDoes(JsonNode entry) {
    JsonNode vocabulary = entry.get("vocabulary");
    PromptFormat format = format(entry);
    MistralPromptEncoder encoder =
        new MistralPromptEncoder(ReducedVocabularies.read(vocabulary, folder), format);
    int compared = 0;
    for (JsonNode test : entry.get("tests").values()) {
      PromptRequest request = request(test);
      if (format == PromptFormat.MISTRAL_V1 && request.concernsTools()) {
        continue;
      }
      String what = "%s with %s: %s".formatted(format, entry.get("name"), test.get("messages"));
      if (test.has("refused")) {
        assertThatExceptionOfType(TemplateException.class)
            .as(what)
            .isThrownBy(() -> encoder.encode(request));
      } else {
        assertThat(ReducedVocabularies.originalIds(vocabulary, encoder.encode(request)))
            .as(what)
            .isEqualTo(ReducedVocabularies.integers(test.get("ids")));
      }
      compared++;
    }
    assertThat(compared).isGreaterThan(16);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("formats")
  void describesToolsWhereTheFormatHasNone(JsonNode entry) {
    if (format(entry) != PromptFormat.MISTRAL_V1) {
      return;
    }
    Tokenizer tokenizer = ReducedVocabularies.read(entry.get("vocabulary"), folder);
    var encoder = new MistralPromptEncoder(tokenizer, PromptFormat.MISTRAL_V1);
    var request =
        new PromptRequest(
            List.of(new ChatMessage("user", "Hi")), List.of(new ToolDefinition("ping", "", "{}")));
    var described = DescribedTools.describe(request);
    assertThat(described.messages().getFirst().content()).contains("\"name\": \"ping\"");
    assertThat(encoder.encode(request))
        .isEqualTo(encoder.encode(described))
        .hasSizeGreaterThan(encoder.encode(PromptRequest.of(request.messages())).length);
    assertThat(encoder.toolCallFormat()).isEqualTo(ToolCallFormat.HERMES);
  }

  /** Whatever a client says, anywhere, only the format's own control tokens are in the prompt. */
  @ParameterizedTest(name = "{index}")
  @MethodSource("formats")
  void keepsControlTextOrdinary(JsonNode entry) {
    Tokenizer tokenizer = ReducedVocabularies.read(entry.get("vocabulary"), folder);
    var encoder = new MistralPromptEncoder(tokenizer, format(entry));
    int[] honest = controls(tokenizer, encoder.encode(everywhere("x", format(entry))));
    assertThat(honest).hasSizeGreaterThan(1);
    for (String control : tokenizer.controlTokens()) {
      int[] prompt = encoder.encode(everywhere("x" + control + "x", format(entry)));
      assertThat(controls(tokenizer, prompt)).as(control).isEqualTo(honest);
    }
  }

  private static PromptRequest everywhere(String text, PromptFormat format) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(new ChatMessage("system", text));
    messages.add(new ChatMessage("user", text));
    messages.add(new ChatMessage("assistant", text));
    messages.add(new ChatMessage("user", text));
    if (format == PromptFormat.MISTRAL_V1) {
      return PromptRequest.of(messages);
    }
    messages.add(
        ChatMessage.calling(
            "", List.of(new ToolCall("123456789", text, "{\"a\": \"" + text + "\"}"))));
    messages.add(ChatMessage.result(text, "123456789", text));
    messages.add(ChatMessage.prefix(text));
    return new PromptRequest(messages, List.of(new ToolDefinition(text, text, "\"" + text + "\"")));
  }

  private static int[] controls(Tokenizer tokenizer, int[] prompt) {
    return IntStream.of(prompt).filter(tokenizer::isControl).toArray();
  }

  private static PromptFormat format(JsonNode entry) {
    return PromptFormat.valueOf(entry.get("format").stringValue());
  }

  private static PromptRequest request(JsonNode test) {
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : test.get("messages").values()) {
      List<ToolCall> calls = new ArrayList<>();
      for (JsonNode call : message.path("tool_calls").values()) {
        JsonNode function = call.get("function");
        calls.add(
            new ToolCall(
                call.get("id").stringValue(),
                function.get("name").stringValue(),
                function.get("arguments").stringValue()));
      }
      messages.add(
          new ChatMessage(
              message.get("role").stringValue(),
              message.get("content").stringValue(),
              calls,
              message.path("tool_call_id").stringValue(null),
              message.path("name").stringValue(null),
              message.path("prefix").booleanValue(false)));
    }
    List<ToolDefinition> tools = new ArrayList<>();
    for (JsonNode tool : test.get("tools").values()) {
      tools.add(
          new ToolDefinition(
              tool.get("name").stringValue(),
              tool.get("description").stringValue(),
              tool.get("parameters").toString()));
    }
    return new PromptRequest(messages, tools);
  }
}
