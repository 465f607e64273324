package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which conversations are refused for who speaks when. */
class MessageOrderIntegrationTests extends ApiIntegrationTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"two words\"}";

  private static String withMessages(String messages) {
    return "{\"model\":\"tiny\",\"messages\":[" + messages + "]}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          assistant,user        | Expected first role System or User but got assistant
          tool                  | Expected first role System or User but got tool
          system                | Expected last role User or Tool (or Assistant with prefix True) for serving but got system
          user,assistant        | Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant
          user,tool             | Unexpected role 'tool' after role 'user'
          system,tool           | Unexpected role 'tool' after role 'system'
          user,assistant,tool   | Not the same number of function calls and responses
          user,assistant,tool,system,user | Unexpected role 'system' after role 'tool'
          user,assistant,system,user | Unexpected role 'system' after role 'assistant'
          """)
  void aWrongOrderOfRolesIsRefused(String roles, String message) {
    post(conversation(roles))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.object")
        .isEqualTo("error")
        .jsonPath("$.message")
        .isEqualTo(message)
        .jsonPath("$.type")
        .isEqualTo("invalid_request_message_order")
        .jsonPath("$.code")
        .isEqualTo("3230");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          user
          system,user
          user,user
          system,system,user
          user,assistant,user
          user,system,user
          """)
  void anyOtherOrderIsTaken(String roles) {
    post(conversation(roles)).expectStatus().isOk();
  }

  private static String conversation(String roles) {
    StringBuilder messages = new StringBuilder();
    for (String role : roles.split(",", -1)) {
      messages.append(messages.isEmpty() ? "" : ",");
      messages.append("{\"role\":\"").append(role).append("\",\"content\":\"x\"}");
    }
    return withMessages(messages.toString());
  }

  @Test
  void anAssistantMessageNeedsContent() {
    for (String content : new String[] {"\"\"", "null"}) {
      String messages = USER + ",{\"role\":\"assistant\",\"content\":" + content + "}," + USER;
      assertThat(bodyOf(post(withMessages(messages)).expectStatus().isBadRequest()))
          .isEqualTo(
              """
              {"object":"error","message":"Assistant message must have either content or \
              tool_calls, but not none.","type":"invalid_request_error","param":null,\
              "code":null}\
              """);
    }
  }
}
