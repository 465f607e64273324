package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The templates that llama.cpp collects, against what Jinja makes of them, in the folder that
 * {@code -Dgalerne.templates} names ({@code src/test/fixtures/chat_templates.py} fills it).
 */
@Tag("nightly")
@EnabledIfSystemProperty(named = "galerne.templates", matches = ".+")
class PublishedTemplatesTests {
  /** Relies on markup that escapes what is added to it, which no other template wants. */
  private static final String ESCAPING = "meetkai-functionary-medium-v3.1";

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-07T09:05:02Z"), ZoneOffset.UTC);

  @TestFactory
  Stream<DynamicTest> rendersAsJinjaDoes() throws IOException {
    Path rendered = Path.of(System.getProperty("galerne.templates"), "rendered.json");
    JsonNode rows = JsonMapper.shared().readTree(Files.readString(rendered));
    assertThat(rows.size()).isPositive();
    return rows.valueStream()
        .filter(row -> !row.get("name").stringValue().startsWith(ESCAPING))
        .map(row -> DynamicTest.dynamicTest(row.get("name").stringValue(), () -> check(row)));
  }

  private static void check(JsonNode row) {
    PromptRequest request = request(row);
    String template = row.get("template").stringValue();
    if (row.has("text")) {
      assertThat(render(template, request)).isEqualTo(row.get("text").stringValue());
    } else if (row.has("refusal")) {
      assertThatExceptionOfType(TemplateException.class)
          .isThrownBy(() -> render(template, request))
          .withMessage(row.get("refusal").stringValue());
    } else {
      // What Jinja itself fails at may be refused or, where a list is no generator here, rendered.
      Throwable failure = catchThrowable(() -> render(template, request));
      assertThat(failure == null || failure instanceof TemplateException).isTrue();
    }
  }

  private static String render(String template, PromptRequest request) {
    return ChatTemplate.parse(template, CLOCK).render(request, "<s>", "</s>").toString();
  }

  private static PromptRequest request(JsonNode row) {
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : row.get("messages").values()) {
      List<ToolCall> calls = new ArrayList<>();
      for (JsonNode call : message.path("tool_calls").values()) {
        JsonNode function = call.get("function");
        calls.add(
            new ToolCall(
                call.get("id").stringValue(),
                function.get("name").stringValue(),
                function.get("arguments").toString()));
      }
      messages.add(
          new ChatMessage(
              message.get("role").stringValue(),
              message.get("content").stringValue(),
              calls,
              message.path("tool_call_id").stringValue(null),
              message.path("name").stringValue(null),
              false));
    }
    List<ToolDefinition> tools = new ArrayList<>();
    for (JsonNode tool : row.path("tools").values()) {
      JsonNode function = tool.get("function");
      tools.add(
          new ToolDefinition(
              function.get("name").stringValue(),
              function.get("description").stringValue(),
              function.get("parameters").toString()));
    }
    return new PromptRequest(messages, tools);
  }
}
