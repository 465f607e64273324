package io.galerne.api;

import io.galerne.serving.Admission;
import io.galerne.serving.Answer;
import io.galerne.serving.Attendance;
import io.galerne.serving.Completion;
import io.galerne.serving.Ending;
import io.galerne.serving.GuardrailReport;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers with completions, in one body or as a stream. */
@Component
class CompletionAnswers {
  private static final Logger log = LoggerFactory.getLogger(CompletionAnswers.class);

  /** For the log of requests; nobody reads it. */
  private static final ErrorEnvelope NOBODY_WAITS =
      new ErrorEnvelope("The client went away", "client_closed_request");

  private final JsonMapper mapper;

  CompletionAnswers(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * The completion of a request that may run.
   *
   * @throws ApiException if it may not
   */
  static Completion admitted(Admission admission) {
    return switch (admission) {
      case Admission.Admitted(Completion completion) -> completion;
      case Admission.Refused refused -> throw Refusals.of(refused);
    };
  }

  /**
   * Waits for the whole answer.
   *
   * @throws ApiException if it failed
   */
  static ChatCompletion collect(
      Completion completion,
      AnswerHeading heading,
      AnswerShape shape,
      Attendance client,
      String requestId) {
    Answer answer = completion.collect(client);
    GuardrailReport block = completion.block();
    if (block != null && answer.ending() instanceof Ending.Finished) {
      throw new ApiException(HttpStatus.FORBIDDEN, GuardrailBody.of(block));
    }
    return switch (answer.ending()) {
      case Ending.Finished finished ->
          ChatCompletion.of(heading, shape, answer, finished).withGuardrails(completion.reports());
      case Ending.Failed(Ending.Failure failure) -> throw Refusals.of(failure, requestId);
      case Ending.Disconnected _ -> {
        log.debug("The client of request {} left before its answer was whole", requestId);
        throw new ApiException(HttpStatus.REQUEST_TIMEOUT, NOBODY_WAITS);
      }
    };
  }

  /** The settled ending goes out last, so that whoever has seen usage finds it in the ledger. */
  void stream(
      Completion completion,
      AnswerHeading heading,
      AnswerShape shape,
      HttpServletResponse response,
      String requestId) {
    ChunkSink sink = new ChunkSink(heading, shape, response, mapper);
    Ending ending = completion.stream(sink);
    try {
      switch (ending) {
        case Ending.Finished finished ->
            sink.finish(finished, completion.block(), completion.reports());
        case Ending.Failed(Ending.Failure failure) ->
            sink.fail(Refusals.envelope(failure, requestId));
        case Ending.Disconnected _ -> {}
      }
    } catch (IOException e) {
      log.debug("The client of request {} left before the end: {}", requestId, e.toString());
    }
  }
}
