package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tools, calls and prefixes in chat templates. */
class ToolPromptTests {
  private static final ToolDefinition WEATHER =
      new ToolDefinition(
          "weather",
          "It's <here>",
          "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"string\"}}}");
  private static final ToolCall CALL =
      new ToolCall("123456789", "weather", "{\"at\":\"Zürich\",\"n\":[1,2.50]}");
  private static final List<ChatMessage> CONVERSATION =
      List.of(
          new ChatMessage("user", "Weather?"),
          ChatMessage.calling("", List.of(CALL, CALL)),
          ChatMessage.result("21", "123456789", "weather"),
          ChatMessage.result("22", "123456789", null));
  private static final String CHATML =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
          + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  @Test
  void templatesSeeToolsAsJsonObjectsAndArgumentsAsValues() {
    assertThat(
            render(
                "{% for t in tools %}{{ t|tojson }}\n{% endfor %}",
                new PromptRequest(CONVERSATION, List.of(WEATHER))))
        .isEqualTo(
            "{\"type\": \"function\", \"function\": {\"name\": \"weather\", \"description\":"
                + " \"It's <here>\", \"parameters\": {\"type\": \"object\", \"properties\":"
                + " {\"at\": {\"type\": \"string\"}}}}}\n");
    assertThat(
            render(
                "{% for m in messages %}{% for c in m.tool_calls %}{{ c.function.name }}:"
                    + "{{ c.function.arguments.at }}:{{ c.function.arguments|tojson }} {{ c.id }}\n"
                    + "{% endfor %}{{ m.tool_call_id }}{{ m.name }}|{% endfor %}{{ tools }}",
                PromptRequest.of(CONVERSATION)))
        .isEqualTo(
            "|"
                + "weather:Zürich:{\"at\": \"Zürich\", \"n\": [1, 2.5]} 123456789\n".repeat(2)
                + "|123456789weather|123456789|None");
  }

  @Test
  void argumentsThatAreNotJsonAreText() {
    ToolCall odd = new ToolCall("1", "f", "at: <here>");
    ToolCall empty = new ToolCall("1", "f", "");
    assertThat(
            render(
                "{% for c in messages[0].tool_calls %}{{ c.function.arguments }}{% endfor %}",
                PromptRequest.of(List.of(ChatMessage.calling("", List.of(odd, empty))))))
        .isEqualTo("at: <here>{}");
  }

  @Test
  void toolsAreDescribedWhereTheTemplateKnowsNone() {
    PromptRequest described =
        DescribedTools.describe(new PromptRequest(CONVERSATION, List.of(WEATHER, WEATHER)));
    assertThat(described.tools()).isEmpty();
    assertThat(described.messages())
        .extracting(ChatMessage::role)
        .containsExactly("system", "user", "assistant", "user");
    assertThat(described.messages().getFirst().content())
        .contains(
            "<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"weather\"",
            "<tool_call>\n{\"name\": \"the tool's name\"");
    String call =
        """
        <tool_call>
        {"name": "weather", "arguments": {"at": "Zürich", "n": [1, 2.5]}}
        </tool_call>\
        """;
    assertThat(described.messages().get(2).content()).isEqualTo(call + "\n" + call);
    assertThat(described.messages().get(3).content())
        .isEqualTo("<tool_response>\n21\n</tool_response>\n<tool_response>\n22\n</tool_response>");
  }

  @Test
  void descriptionsJoinTheSystemPrompt() {
    var request =
        new PromptRequest(
            List.of(new ChatMessage("system", "Be kind."), new ChatMessage("user", "Hi")),
            List.of(WEATHER));
    assertThat(DescribedTools.describe(request).messages().getFirst().content())
        .startsWith("Be kind.\n\nYou can call tools.");
  }

  @Test
  void onlyTemplatesInTheNotationOfHermesShowTheirToolsThemselves() {
    assertThat(ChatTemplate.parse(CHATML).hermesTools()).isFalse();
    assertThat(
            ChatTemplate.parse("{{ tools }}<tool_call>{'arguments': 1}</tool_call>").hermesTools())
        .isTrue();
    assertThat(
            ChatTemplate.parse("{{ tools }}<tool_call><function=f>arguments</function></tool_call>")
                .hermesTools())
        .isFalse();
  }

  @Test
  void aPrefixIsLeftOpen() {
    List<ChatMessage> messages =
        List.of(new ChatMessage("user", "Roses"), ChatMessage.prefix("Roses"));
    assertThat(render(CHATML, PromptRequest.of(messages)))
        .isEqualTo("<|im_start|>user\nRoses<|im_end|>\n<|im_start|>assistant\nRoses");
    assertThat(render(CHATML.replace("m.content", "m.content|trim"), prefixed(" are red ")))
        .as("a template that takes blanks off")
        .endsWith("assistant\nare red");
    assertThat(render(CHATML, prefixed("are red "))).endsWith("assistant\nare red ");
    assertThat(render(CHATML, prefixed("end"))).as("a part of a mark").endsWith("assistant\nend");
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> render("{{ messages[0].content }}", prefixed("unseen")));
  }

  private static PromptRequest prefixed(String prefix) {
    return PromptRequest.of(List.of(new ChatMessage("user", "Roses"), ChatMessage.prefix(prefix)));
  }

  private static String render(String template, PromptRequest request) {
    return ChatTemplate.parse(template).render(request, "", "").toString();
  }
}
