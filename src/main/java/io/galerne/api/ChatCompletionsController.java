package io.galerne.api;

import io.galerne.identity.Caller;
import io.galerne.identity.RequestIds;
import io.galerne.serving.Admission;
import io.galerne.serving.Answer;
import io.galerne.serving.AnswerSink;
import io.galerne.serving.Completion;
import io.galerne.serving.CompletionService;
import io.galerne.serving.Ending;
import io.galerne.serving.Terms;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /v1/chat/completions}. Whether the answer is streamed is for the body to say; the
 * Accept header has no part in it, because clients send all sorts.
 */
@RestController
class ChatCompletionsController implements LineEndpoint {
  private static final Logger log = LoggerFactory.getLogger(ChatCompletionsController.class);

  private final RequestBodies bodies;
  private final ChatRequestReader reader;
  private final CompletionService completions;
  private final JsonMapper mapper;

  ChatCompletionsController(
      RequestBodies bodies,
      ChatRequestReader reader,
      CompletionService completions,
      JsonMapper mapper) {
    this.bodies = bodies;
    this.reader = reader;
    this.completions = completions;
    this.mapper = mapper;
  }

  /** Returns null when the answer was streamed. */
  @PostMapping("/v1/chat/completions")
  @Nullable ResponseEntity<ChatCompletion> complete(
      HttpServletRequest request,
      HttpServletResponse response,
      @AuthenticationPrincipal Caller caller) {
    ChatRequest chat = reader.read(bodies.read(request));
    String requestId = RequestIds.of(request);
    Completion completion =
        admitted(completions.admit(chat.toCompletion(), caller, RequestIds.uuid(request)));
    Deprecation.announce(completion.card().deprecation(), response);
    AnswerHeading heading = AnswerHeading.of(requestId, chat.model());
    if (chat.stream()) {
      stream(completion, new ChunkSink(heading, chat.prefix(), response, mapper), requestId);
      return null;
    }
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(collect(completion, heading, chat.prefix(), requestId));
  }

  @Override
  public String path() {
    return "/v1/chat/completions";
  }

  @Override
  public ChatCompletion answer(JsonNode body, Caller caller, UUID requestId, Terms terms) {
    ChatRequest chat = reader.read(body);
    Completion completion =
        admitted(completions.admit(chat.toCompletion(), caller, requestId, terms));
    String id = RequestIds.of(requestId);
    return collect(completion, AnswerHeading.of(id, chat.model()), chat.prefix(), id);
  }

  private static Completion admitted(Admission admission) {
    return switch (admission) {
      case Admission.Admitted(Completion admitted) -> admitted;
      case Admission.Refused refused -> throw Refusals.of(refused);
    };
  }

  private static ChatCompletion collect(
      Completion completion, AnswerHeading heading, String prefix, String requestId) {
    Answer answer = completion.collect();
    return switch (answer.ending()) {
      case Ending.Finished finished -> ChatCompletion.of(heading, prefix + answer.text(), finished);
      case Ending.Failed(Ending.Failure failure) -> throw Refusals.of(failure, requestId);
      case Ending.Disconnected _ -> throw new IllegalStateException("nobody was connected");
    };
  }

  /** The settled ending goes out last, so that whoever has seen usage finds it in the ledger. */
  private static void stream(Completion completion, ChunkSink sink, String requestId) {
    Ending ending = completion.stream(sink);
    try {
      switch (ending) {
        case Ending.Finished finished -> {
          sink.events().data(ChatChunk.last(sink.heading, finished));
          sink.events().done();
        }
        // no [DONE]: some clients would take the answer for complete
        case Ending.Failed(Ending.Failure failure) ->
            sink.events().data(Refusals.envelope(failure, requestId));
        case Ending.Disconnected _ -> {}
      }
    } catch (IOException e) {
      log.debug("The client of request {} left before the end: {}", requestId, e.toString());
    }
  }

  /** Turns the answer into chunks. */
  private static final class ChunkSink implements AnswerSink {
    private final AnswerHeading heading;
    private final String prefix;
    private final HttpServletResponse response;
    private final JsonMapper mapper;
    private @Nullable EventStream events;

    ChunkSink(
        AnswerHeading heading, String prefix, HttpServletResponse response, JsonMapper mapper) {
      this.heading = heading;
      this.prefix = prefix;
      this.response = response;
      this.mapper = mapper;
    }

    EventStream events() throws IOException {
      if (events == null) {
        events = EventStream.open(response, mapper);
      }
      return events;
    }

    @Override
    public void open() throws IOException {
      events().data(ChatChunk.first(heading));
      if (!prefix.isEmpty()) {
        text(prefix);
      }
    }

    @Override
    public void text(String text) throws IOException {
      events().data(ChatChunk.text(heading, text));
    }

    @Override
    public void idle() throws IOException {
      events().ping();
    }
  }
}
