package io.galerne.chat;

import io.galerne.identity.PersonKeys;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The pages of the chat. What is somebody else's is not found, like what does not exist. */
@Controller
class ChatPageController {
  private final ChatPage frame;
  private final ChatModels models;
  private final Conversations conversations;
  private final ChatProperties bounds;
  private final PersonKeys keys;

  ChatPageController(
      ChatPage frame,
      ChatModels models,
      Conversations conversations,
      ChatProperties bounds,
      PersonKeys keys) {
    this.frame = frame;
    this.models = models;
    this.conversations = conversations;
    this.bounds = bounds;
    this.keys = keys;
  }

  @GetMapping("/chat")
  String home(
      @AuthenticationPrincipal Person person,
      Locale locale,
      Model page,
      HttpServletResponse response) {
    fill(page, person, locale, response);
    return "chat/index";
  }

  /** The same on the tenant's own path. */
  @GetMapping("/chat/{slug:[a-z0-9-]+}")
  String own(
      @PathVariable String slug,
      @AuthenticationPrincipal Person person,
      Locale locale,
      Model page,
      HttpServletResponse response) {
    ChatSettings settings = fill(page, person, locale, response);
    if (!slug.equals(settings.slug())) {
      throw ChatRefusedException.unknown();
    }
    return "chat/index";
  }

  @GetMapping("/chat/c/{id}")
  String conversation(
      @PathVariable UUID id,
      @AuthenticationPrincipal Person person,
      Locale locale,
      Model page,
      HttpServletResponse response) {
    conversations.require(Chatter.of(person), id);
    fill(page, person, locale, response);
    page.addAttribute("conversation", id);
    return "chat/index";
  }

  @GetMapping("/chat/shared/{id}")
  String shared(
      @PathVariable UUID id,
      @AuthenticationPrincipal Person person,
      Locale locale,
      Model page,
      HttpServletResponse response) {
    Conversation found = conversations.shared(person.tenantId(), id).conversation();
    Conversation.Share share = found.share();
    if (share == null) {
      throw ChatRefusedException.unknown();
    }
    fill(page, person, locale, response);
    page.addAttribute("share", id);
    page.addAttribute("title", found.words().title());
    page.addAttribute(
        "sharedAt",
        DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
            .withLocale(locale)
            .format(share.at().atZone(ZoneOffset.UTC)));
    return "chat/shared";
  }

  private ChatSettings fill(
      Model page, Person person, Locale locale, HttpServletResponse response) {
    ChatSettings settings = frame.fill(page, person, locale, response);
    page.addAttribute("models", models.offered(settings));
    page.addAttribute("workspaces", keys.workspaces(person.admin()));
    page.addAttribute("sharing", settings.sharing());
    page.addAttribute("welcome", settings.welcome());
    page.addAttribute("charsMax", bounds.messageCharsMax());
    page.addAttribute("answerTokensMax", bounds.answerTokensMax());
    return settings;
  }

  /** The frame's error page explains it. */
  @ExceptionHandler
  void refused(ChatRefusedException e, HttpServletResponse response) throws IOException {
    response.sendError(e.status().value());
  }
}
