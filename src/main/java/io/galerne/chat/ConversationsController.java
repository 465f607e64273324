package io.galerne.chat;

import io.galerne.signin.Person;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A member's history. */
@RestController
@RequestMapping("/chat/api")
class ConversationsController {
  private final Conversations conversations;
  private final ChatViews views;

  ConversationsController(Conversations conversations, ChatViews views) {
    this.conversations = conversations;
    this.views = views;
  }

  /** A page of the history. */
  record History(List<ConversationView.Entry> conversations, boolean more) {}

  /** A change; what is null stays. */
  record Change(@Nullable String title, @Nullable UUID head) {}

  @GetMapping("/conversations")
  History list(
      @RequestParam(defaultValue = "0") int offset, @AuthenticationPrincipal Person person) {
    Conversations.Listed listed = conversations.list(Chatter.of(person), offset);
    return new History(
        listed.conversations().stream().map(each -> ConversationView.Entry.of(each, "")).toList(),
        listed.more());
  }

  @GetMapping("/search")
  History search(
      @RequestParam(name = "q", defaultValue = "") String words,
      @AuthenticationPrincipal Person person) {
    return new History(
        conversations.search(Chatter.of(person), words).stream()
            .map(hit -> ConversationView.Entry.of(hit.conversation(), hit.snippet()))
            .toList(),
        false);
  }

  @GetMapping("/conversations/{id}")
  ConversationView open(
      @PathVariable UUID id, @AuthenticationPrincipal Person person, Locale locale) {
    return views.conversation(conversations.open(Chatter.of(person), id), locale);
  }

  @PatchMapping("/conversations/{id}")
  ResponseEntity<Void> change(
      @PathVariable UUID id, @RequestBody Change change, @AuthenticationPrincipal Person person) {
    Chatter chatter = Chatter.of(person);
    if (change.title() != null) {
      conversations.rename(chatter, id, change.title());
    }
    if (change.head() != null) {
      conversations.show(chatter, id, change.head());
    }
    return ResponseEntity.noContent().build();
  }

  @DeleteMapping("/conversations/{id}")
  ResponseEntity<Void> delete(@PathVariable UUID id, @AuthenticationPrincipal Person person) {
    conversations.delete(Chatter.of(person), id);
    return ResponseEntity.noContent().build();
  }

  @DeleteMapping("/conversations")
  Map<String, Integer> deleteAll(@AuthenticationPrincipal Person person) {
    return Map.of("deleted", conversations.deleteAll(Chatter.of(person)));
  }

  @PostMapping("/conversations/{id}/share")
  Map<String, String> share(@PathVariable UUID id, @AuthenticationPrincipal Person person) {
    Conversation.Share share = conversations.share(Chatter.of(person), id);
    return Map.of("path", ConversationView.sharePath(share));
  }

  @DeleteMapping("/conversations/{id}/share")
  ResponseEntity<Void> unshare(@PathVariable UUID id, @AuthenticationPrincipal Person person) {
    conversations.unshare(Chatter.of(person), id);
    return ResponseEntity.noContent().build();
  }

  @GetMapping("/shared/{id}")
  ConversationView shared(
      @PathVariable UUID id, @AuthenticationPrincipal Person person, Locale locale) {
    return views.conversation(conversations.shared(person.tenantId(), id), locale);
  }

  @GetMapping("/conversations/{id}/export")
  ResponseEntity<Object> export(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "md") String format,
      @AuthenticationPrincipal Person person) {
    Conversations.Opened opened = conversations.open(Chatter.of(person), id);
    boolean json = format.equals("json");
    ContentDisposition file =
        ContentDisposition.attachment()
            .filename("conversation-" + id + (json ? ".json" : ".md"))
            .build();
    return ResponseEntity.ok()
        .header(HttpHeaders.CONTENT_DISPOSITION, file.toString())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .contentType(
            json
                ? MediaType.APPLICATION_JSON
                : MediaType.parseMediaType("text/markdown;charset=UTF-8"))
        .body(json ? ConversationExport.of(opened) : ConversationExport.markdown(opened));
  }

  @GetMapping("/allowance")
  AllowanceView allowance(@AuthenticationPrincipal Person person, Locale locale) {
    return views.allowance(Chatter.of(person), locale);
  }
}
