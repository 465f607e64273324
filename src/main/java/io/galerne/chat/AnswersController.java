package io.galerne.chat;

import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Asks, and stops answers. */
@RestController
@RequestMapping("/chat/api/answers")
class AnswersController {
  private final Answering answering;
  private final Conversations conversations;
  private final ChatViews views;
  private final JsonMapper json;

  AnswersController(
      Answering answering, Conversations conversations, ChatViews views, JsonMapper json) {
    this.answering = answering;
    this.conversations = conversations;
    this.views = views;
    this.json = json;
  }

  /**
   * Streams an answer: {@code begin} with the new messages, {@code text} with more of it, {@code
   * end} with the answer as it is kept and what is left of the caps.
   */
  @PostMapping
  void ask(
      @RequestBody AskBody body,
      @AuthenticationPrincipal Person person,
      Locale locale,
      HttpServletResponse response) {
    Chatter chatter = Chatter.of(person);
    ChatEvents events = new ChatEvents(response, json);
    answering.answer(chatter, body.workspace(), body.toAsk(), new Reader(events, chatter, locale));
  }

  @PostMapping("/{id}/stop")
  ResponseEntity<Void> stop(@PathVariable UUID id, @AuthenticationPrincipal Person person) {
    answering.stop(Chatter.of(person), id);
    return ResponseEntity.noContent().build();
  }

  private final class Reader implements AnswerReader {
    private final ChatEvents events;
    private final Chatter chatter;
    private final Locale locale;

    Reader(ChatEvents events, Chatter chatter, Locale locale) {
      this.events = events;
      this.chatter = chatter;
      this.locale = locale;
    }

    @Override
    public void begin(Turn turn) {
      List<MessageView> added = new ArrayList<>();
      turn.added().forEach(message -> added.add(views.message(message, locale)));
      events.event(
          "begin",
          Map.of(
              "conversation",
              turn.conversation().id(),
              "title",
              turn.conversation().words().title(),
              "messages",
              added));
    }

    @Override
    public void text(String more) {
      events.text(more);
    }

    @Override
    public void idle() {
      events.ping();
    }

    @Override
    public void end(Turn turn) {
      Message answer = conversations.message(chatter, turn.answer().id());
      Message before = turn.before();
      events.event(
          "end",
          new Ended(
              views.message(answer, locale),
              before != null && before.words().text().equals(answer.words().text()),
              views.allowance(chatter, locale)));
    }
  }

  /**
   * @param same whether the answer is, word for word, the one that it repeats
   */
  record Ended(MessageView answer, boolean same, AllowanceView allowance) {}
}
