package io.galerne.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.galerne.engine.gguf.GgufFile;
import io.galerne.engine.gguf.GgufWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against what Jinja itself makes of the same templates. */
class ChatTemplateTests {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-07T09:05:02Z"), ZoneOffset.UTC);
  private static final List<ChatMessage> CONVERSATION =
      List.of(
          new ChatMessage("system", "Be brief. "),
          new ChatMessage("user", "What is 2+2?"),
          new ChatMessage("assistant", "<think>\nsum\n</think>\n\n 4 "),
          new ChatMessage("user", "And \"3\"\n+ 'é'?"));

  static Stream<JsonNode> templates() throws IOException {
    return fixture("templates.json");
  }

  static Stream<JsonNode> constructs() throws IOException {
    return fixture("jinja.json");
  }

  @ParameterizedTest
  @MethodSource("templates")
  void rendersModelTemplatesAsJinjaDoes(JsonNode row) {
    ChatTemplate template = ChatTemplate.parse(row.get("template").stringValue(), CLOCK);
    List<ChatMessage> messages =
        row.get("messages")
            .valueStream()
            .map(
                message ->
                    new ChatMessage(
                        message.get("role").stringValue(), message.get("content").stringValue()))
            .toList();
    if (row.has("refusal")) {
      assertThatExceptionOfType(TemplateException.class)
          .isThrownBy(() -> template.render(PromptRequest.of(messages), "<s>", "</s>"))
          .withMessage(row.get("refusal").stringValue());
    } else {
      assertThat(template.render(PromptRequest.of(messages), "<s>", "</s>").toString())
          .isEqualTo(row.get("expected").stringValue());
    }
  }

  @ParameterizedTest
  @MethodSource("constructs")
  void evaluatesConstructsAsJinjaDoes(JsonNode row) {
    String source =
        row.has("template")
            ? row.get("template").stringValue()
            : "{{ " + row.get("expression").stringValue() + " }}";
    assertThat(
            ChatTemplate.parse(source, CLOCK)
                .render(PromptRequest.of(CONVERSATION), "", "")
                .toString())
        .isEqualTo(row.get("expected").stringValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '"',
      textBlock =
          """
          {{ 1 + ! a tag is not closed
          {{ }} ! expected an expression
          {{ 'a }} ! a string is not closed
          {% if x %} ! expected 'endif'
          {% endfor %} ! 'endfor' opens nothing
          {% for x of y %}{% endfor %} ! expected 'in'
          {% break %} ! 'break' is in no loop
          {% include 'x' %} ! 'include' is not supported
          {{ a ? b }} ! unexpected character ?
          {# open ! a comment is not closed
          {{ 99999999999999999999 }} ! is too large
          """)
  void namesTheLineThatIsNoTemplate(String template, String message) {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> ChatTemplate.parse("\n\n" + template))
        .withMessageStartingWith("template line 3: ")
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '"',
      textBlock =
          """
          {{ nothing.at.all }} ! 'nothing' is undefined
          {{ nothing() }} ! can't be called
          {{ 1 + 'a' }} ! '+' does not work on an integer and a string
          {{ 1 / 0 }} ! division by zero
          {{ 9223372036854775807 + 1 }} ! overflow
          {{ 'a'|nosuch }} ! there is no filter 'nosuch'
          {{ 'a' is nosuch }} ! there is no test 'nosuch'
          {% for x in 3 %}{% endfor %} ! can't be iterated over
          {% set x.y = 1 %} ! 'x' is not a namespace
          {{ raise_exception('no') }} ! no
          {{ ''.__class__ }} ! '__class__' is not accessible
          {{ ''['__class__'] }} ! '__class__' is not accessible
          {{ [].append.__globals__ }} ! '__globals__' is not accessible
          """)
  void failsWithAReason(String template, String message) {
    ChatTemplate parsed = ChatTemplate.parse(template);
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> parsed.render(PromptRequest.of(CONVERSATION), "", ""))
        .withMessageContaining(message);
  }

  @Test
  void appendsToListsOfItsOwnOnly() {
    ChatTemplate own = ChatTemplate.parse("{% set x = [] %}{{ x.append(1) }}{{ x }}");
    assertThat(own.render(PromptRequest.of(CONVERSATION), "", "").toString()).isEqualTo("None[1]");
    ChatTemplate messages = ChatTemplate.parse("{% set _ = messages.append(1) %}");
    messages.render(PromptRequest.of(CONVERSATION), "", "");
    assertThat(CONVERSATION).hasSize(4);
  }

  @Test
  void refusesAFileWithoutATemplate(@TempDir Path folder) {
    Path path = new GgufWriter().string("general.name", "x").write(folder.resolve("none.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      assertThatExceptionOfType(TemplateException.class)
          .isThrownBy(() -> ChatTemplate.fromGguf(file.metadata()))
          .withMessageContaining("the file has no chat template")
          .withMessageContaining("prompt-format");
    }
  }

  private static Stream<JsonNode> fixture(String name) throws IOException {
    try (InputStream in = ChatTemplateTests.class.getResourceAsStream("/engine/" + name)) {
      return JsonMapper.shared().readTree(in.readAllBytes()).valueStream();
    }
  }
}
