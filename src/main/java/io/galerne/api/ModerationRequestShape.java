package io.galerne.api;

/** What the document says of requests for moderation. */
final class ModerationRequestShape {
  static final String TEXTS = "ModerationRequest";
  static final String CONVERSATIONS = "ChatModerationRequest";

  private ModerationRequestShape() {}

  static DocumentedBody ofTexts(boolean strict) {
    Shape input =
        Shape.anyOf(Shape.text(), Shape.list(Shape.text(), 1, ModerationRequestReader.TEXTS_MAX));
    return new DocumentedBody(TEXTS, request(strict, input).schema());
  }

  static DocumentedBody ofConversations(boolean strict) {
    int max = ModerationRequestReader.TEXTS_MAX;
    Shape conversation = ChatRequestShape.messages(strict, max);
    Shape several =
        Shape.list(ChatRequestShape.messages(strict, MessagesReader.MESSAGES_MAX), 1, max);
    return new DocumentedBody(
        CONVERSATIONS, request(strict, Shape.anyOf(conversation, several)).schema());
  }

  private static Shape request(boolean strict, Shape input) {
    return Shape.object(strict)
        .required("model", Shape.text().describe("Such as mistral-moderation-latest"))
        .required("input", input)
        .optional("metadata", Shape.anything());
  }
}
